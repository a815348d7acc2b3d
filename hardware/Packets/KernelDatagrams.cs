using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace SignalWatch.Hardware;

/// <summary>Datagrams of a socket as the kernel hands them over: many in one call, each with the kernel's time of arrival (recvmmsg(2), SO_TIMESTAMPNS of socket(7)).
/// A datagram that waited for the collector of garbage keeps its true time.</summary>
internal sealed unsafe partial class KernelDatagrams : IDisposable
{
    private const int Most = 32;
    private const int SlotBytes = 65_536; // the longest datagram fits; what is not used is never touched, so it costs no memory
    private const int ControlBytes = 64;  // one control message: 16 bytes of header, 16 of time
    private const int DoNotWait = 0x40;   // MSG_DONTWAIT
    private const int SocketLevel = 1;    // SOL_SOCKET
    private const int TimestampNs = 35;   // SO_TIMESTAMPNS
    private const int TryAgain = 11;      // EAGAIN
    private const int Interrupted = 4;    // EINTR

    private readonly Socket socket;
    private readonly byte* memory;
    private readonly Message* messages;
    private readonly IoVector* vectors;
    private readonly byte* controls;
    private int count;
    private int next;
    private bool disposed;

    public KernelDatagrams(Socket socket)
    {
        this.socket = socket;
        socket.SetRawSocketOption(SocketLevel, TimestampNs, BitConverter.GetBytes(1));
        memory = (byte*)NativeMemory.Alloc(Most * SlotBytes);
        messages = (Message*)NativeMemory.AllocZeroed((nuint)(Most * sizeof(Message)));
        vectors = (IoVector*)NativeMemory.AllocZeroed((nuint)(Most * sizeof(IoVector)));
        controls = (byte*)NativeMemory.AllocZeroed(Most * ControlBytes);
        for (var i = 0; i < Most; i++)
        {
            vectors[i] = new IoVector { Base = memory + i * SlotBytes, Length = SlotBytes };
            messages[i] = new Message { Vectors = vectors + i, VectorCount = 1, Control = controls + i * ControlBytes };
        }
    }

    ~KernelDatagrams() => Free();

    /// <summary>Looks at the next datagram; what it looks at is valid until <see cref="Pass"/>.</summary>
    /// <param name="bytes">Its payload.</param>
    /// <param name="timeNs">When it came, ns since 1970; 0 where the kernel does not say.</param>
    /// <returns>False where none has arrived.</returns>
    /// <exception cref="IOException">The socket failed.</exception>
    public bool TryPeek(out ReadOnlySpan<byte> bytes, out long timeNs)
    {
        bytes = default;
        timeNs = 0;
        if (next == count && !Fill()) return false;
        bytes = new ReadOnlySpan<byte>(memory + next * SlotBytes, (int)Math.Min(messages[next].Received, SlotBytes));
        timeNs = Time(messages + next);
        return true;
    }

    /// <summary>Goes on to the next datagram.</summary>
    public void Pass() => next++;

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private bool Fill()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        for (var i = 0; i < Most; i++) messages[i].ControlLength = ControlBytes; // the kernel writes what it used
        var received = ReceiveMany(socket.SafeHandle, messages, Most, DoNotWait, 0);
        (next, count) = (0, Math.Max(received, 0));
        if (received >= 0) return received > 0;
        var error = Marshal.GetLastPInvokeError();
        return error is TryAgain or Interrupted ? false : throw new IOException(Marshal.GetPInvokeErrorMessage(error));
    }

    private static long Time(Message* message)
    {
        var control = (ControlHeader*)message->Control;
        var hasTime = message->ControlLength >= (nuint)(sizeof(ControlHeader) + 2 * sizeof(long)) && control->Level == SocketLevel && control->Type == TimestampNs;
        if (!hasTime) return 0;
        var time = (long*)(control + 1); // struct timespec
        return time[0] * 1_000_000_000 + time[1];
    }

    private void Free()
    {
        if (disposed) return;
        disposed = true;
        NativeMemory.Free(memory);
        NativeMemory.Free(messages);
        NativeMemory.Free(vectors);
        NativeMemory.Free(controls);
    }

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    private static partial int ReceiveMany(SafeHandle socket, Message* messages, uint count, int flags, nint timeout);

#pragma warning disable CS0649 // the kernel assigns what the code only reads, and padding is padding

    /// <summary>struct iovec.</summary>
    private struct IoVector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary>struct mmsghdr, with its struct msghdr, as 64-bit Linux lays them out.</summary>
    private struct Message
    {
        public void* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nuint VectorCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
        public int Padding;
        public uint Received;
        public uint EndPadding;
    }

    /// <summary>struct cmsghdr.</summary>
    private struct ControlHeader
    {
        public nuint Length;
        public int Level;
        public int Type;
    }
}
