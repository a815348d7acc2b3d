using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using SignalWatch.Tests;

namespace SignalWatch.Hardware.Tests.Capture;

/// <summary>Two ends of a cable, each in a network namespace without a name that belongs to one thread. With the threads and the sockets that were opened there the kernel removes both.</summary>
internal sealed class VirtualLink : IDisposable
{
    public const string Interface = "wire";
    public const string NearAddress = "10.77.0.1";
    public const string FarAddress = "10.77.0.2";

    private readonly Side near = new();
    private readonly Side far = new();

    public VirtualLink()
    {
        far.Run(() => 0); // its namespace is there
        near.Run(() =>
        {
            Ip("link", "add", Interface, "type", "veth", "peer", "name", "other");
            Ip("link", "set", "other", "netns", far.ThreadId.ToString(System.Globalization.CultureInfo.InvariantCulture));
            return Up(Interface, NearAddress, "2001:db8::1/64");
        });
        far.Run(() =>
        {
            Ip("link", "set", "other", "name", Interface);
            return Up(Interface, FarAddress, "2001:db8::2/64");
        });
    }

    /// <summary>Runs where the sender is: what is opened there stays there.</summary>
    public T OnNear<T>(Func<T> open) => near.Run(open);

    /// <summary>Runs where the receiver is.</summary>
    public T OnFar<T>(Func<T> open) => far.Run(open);

    /// <summary>Takes the cable away, with both of its ends.</summary>
    public void Cut() => near.Run(() =>
    {
        Ip("link", "delete", Interface);
        return 0;
    });

    public void Dispose()
    {
        near.Dispose();
        far.Dispose();
    }

    /// <summary>Where <c>ip</c> of iproute2 is; null where it is absent.</summary>
    public static string? Program() => ((string[])["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip", "/bin/ip"]).FirstOrDefault(File.Exists);

    private static int Up(string name, string address, string six)
    {
        Ip("address", "add", address + "/24", "dev", name);
        Ip("address", "add", six, "dev", name, "nodad"); // usable at once
        Ip("link", "set", name, "up");
        Ip("link", "set", "lo", "up");
        return 0;
    }

    // A child is in the namespace of the thread that starts it.
    private static void Ip(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Program() ?? "ip", arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {error}");
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int unshare(int flags);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int gettid();

    /// <summary>A thread with a network namespace of its own.</summary>
    private sealed class Side : IDisposable
    {
        private const int NewNetwork = 0x4000_0000; // CLONE_NEWNET

        private readonly BlockingCollection<Action> work = [];
        private readonly Thread thread;

        public Side()
        {
            thread = new Thread(() =>
            {
                ThreadId = gettid();
                var refused = unshare(NewNetwork) != 0;
                foreach (var action in work.GetConsumingEnumerable()) if (!refused) action();
            })
            { IsBackground = true };
            thread.Start();
        }

        public int ThreadId { get; private set; }

        public T Run<T>(Func<T> open)
        {
            var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            work.Add(() =>
            {
                try
                {
                    done.SetResult(open());
                }
                catch (Exception failed)
                {
                    done.SetException(failed);
                }
            });
            return done.Task.WaitAsync(Hang.Limit).GetAwaiter().GetResult();
        }

        public void Dispose()
        {
            work.CompleteAdding();
            thread.Join();
            work.Dispose();
        }
    }
}
