using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SignalWatch.Hardware.Iq;

/// <summary>The part of SoapySDR 0.8's C interface that is used (SoapySDR/Device.h, Types.h, Constants.h, Errors.h). Its ABI name is that of Debian's package libsoapysdr0.8.</summary>
internal static unsafe partial class LibSoapySdr
{
    public const string Package = "libsoapysdr0.8";
    public const int Receive = 1;        // SOAPY_SDR_RX
    public const int HasTime = 1 << 2;   // SOAPY_SDR_HAS_TIME
    public const int Timeout = -1;       // SOAPY_SDR_TIMEOUT
    public const int Corruption = -3;    // SOAPY_SDR_CORRUPTION
    public const int Overflow = -4;      // SOAPY_SDR_OVERFLOW
    public const int TimeError = -6;     // SOAPY_SDR_TIME_ERROR

    private const string Library = "libSoapySDR.so.0.8";

    [LibraryImport(Library, EntryPoint = "SoapySDRDevice_enumerateStrArgs", StringMarshalling = StringMarshalling.Utf8)]
    private static partial Keywords* EnumerateDevices(string arguments, out nuint count);

    [LibraryImport(Library, EntryPoint = "SoapySDRKwargsList_clear")]
    private static partial void Clear(Keywords* list, nuint count);

    [LibraryImport(Library, EntryPoint = "SoapySDRKwargs_toString")]
    private static partial nint ToText(Keywords* keywords);

    [LibraryImport(Library, EntryPoint = "SoapySDR_free")]
    private static partial void Free(nint memory);

    [LibraryImport(Library, EntryPoint = "SoapySDRDevice_makeStrArgs", StringMarshalling = StringMarshalling.Utf8)]
    public static partial SoapyHandle Make(string arguments);

    [LibraryImport(Library, EntryPoint = "SoapySDRDevice_unmake")]
    public static partial int Unmake(nint device);

    [LibraryImport(Library, EntryPoint = "SoapySDRDevice_lastError")]
    private static partial nint GetLastError();

    [LibraryImport(Library, EntryPoint = "SoapySDR_errToStr")]
    private static partial nint ErrorToText(int code);

    [LibraryImport(Library, EntryPoint = "SoapySDRDevice_setAntenna", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetAntenna(SoapyHandle device, int direction, nuint channel, string name);

    [LibraryImport(Library, EntryPoint = "SoapySDRDevice_setSampleRate")]
    public static partial int SetSampleRate(SoapyHandle device, int direction, nuint channel, double rate);

    [LibraryImport(Library, EntryPoint = "SoapySDRDevice_getSampleRate")]
    public static partial double SampleRate(SoapyHandle device, int direction, nuint channel);

    [LibraryImport(Library, EntryPoint = "SoapySDRDevice_setBandwidth")]
    public static partial int SetBandwidth(SoapyHandle device, int direction, nuint channel, double hz);

    [LibraryImport(Library, EntryPoint = "SoapySDRDevice_setFrequency")]
    public static partial int SetFrequency(SoapyHandle device, int direction, nuint channel, double hz, nint arguments);

    [LibraryImport(Library, EntryPoint = "SoapySDRDevice_getFrequencyRange")]
    private static partial Range* GetFrequencyRange(SoapyHandle device, int direction, nuint channel, out nuint count);

    [LibraryImport(Library, EntryPoint = "SoapySDRDevice_hasFrequencyCorrection")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool HasPpm(SoapyHandle device, int direction, nuint channel);

    [LibraryImport(Library, EntryPoint = "SoapySDRDevice_setFrequencyCorrection")]
    public static partial int SetPpm(SoapyHandle device, int direction, nuint channel, double ppm);

    [LibraryImport(Library, EntryPoint = "SoapySDRDevice_hasGainMode")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool HasGainMode(SoapyHandle device, int direction, nuint channel);

    [LibraryImport(Library, EntryPoint = "SoapySDRDevice_setGainMode")]
    public static partial int SetAutomaticGain(SoapyHandle device, int direction, nuint channel, [MarshalAs(UnmanagedType.U1)] bool automatic);

    [LibraryImport(Library, EntryPoint = "SoapySDRDevice_setGain")]
    public static partial int SetGain(SoapyHandle device, int direction, nuint channel, double db);

    [LibraryImport(Library, EntryPoint = "SoapySDRDevice_setupStream", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint SetUpStream(SoapyHandle device, int direction, string format, in nuint channel, nuint channels, nint arguments);

    [LibraryImport(Library, EntryPoint = "SoapySDRDevice_getStreamMTU")]
    public static partial nuint StreamMtu(SoapyHandle device, nint stream);

    [LibraryImport(Library, EntryPoint = "SoapySDRDevice_activateStream")]
    public static partial int ActivateStream(SoapyHandle device, nint stream, int flags, long timeNs, nuint samples);

    [LibraryImport(Library, EntryPoint = "SoapySDRDevice_readStream")]
    public static partial int ReadStream(SoapyHandle device, nint stream, void** buffers, nuint samples, out int flags, out long timeNs, nint timeoutUs);

    [LibraryImport(Library, EntryPoint = "SoapySDRDevice_deactivateStream")]
    public static partial int DeactivateStream(SoapyHandle device, nint stream, int flags, long timeNs);

    [LibraryImport(Library, EntryPoint = "SoapySDRDevice_closeStream")]
    public static partial int CloseStream(SoapyHandle device, nint stream);

    public static string LastError() => Marshal.PtrToStringUTF8(GetLastError()) ?? "";

    public static string Error(int code) => Marshal.PtrToStringUTF8(ErrorToText(code)) ?? "";

    /// <summary>The devices that are there, as arguments of <see cref="Make"/>.</summary>
    public static List<string> Devices()
    {
        var found = EnumerateDevices("", out var count);
        var devices = new List<string>();
        for (nuint n = 0; n < count; n++)
        {
            var text = ToText(found + n);
            devices.Add(Marshal.PtrToStringUTF8(text) ?? "");
            Free(text);
        }
        if (found is not null) Clear(found, count);
        return devices;
    }

    /// <summary>Lowest and highest frequency; null where the driver does not say.</summary>
    public static (double Min, double Max)? FrequencyRange(SoapyHandle device, nuint channel)
    {
        var ranges = GetFrequencyRange(device, Receive, channel, out var count);
        if (ranges is null) return null;
        var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        for (nuint n = 0; n < count; n++) (min, max) = (Math.Min(min, ranges[n].Minimum), Math.Max(max, ranges[n].Maximum));
        Free((nint)ranges);
        return max > min ? (min, max) : null;
    }

    /// <summary>SoapySDRKwargs.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Keywords
    {
        public nuint Size;
        public nint Keys;
        public nint Values;
    }

    /// <summary>SoapySDRRange.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Range
    {
        public double Minimum;
        public double Maximum;
        public double Step;
    }
}

/// <summary>A SoapySDRDevice.</summary>
internal sealed class SoapyHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => LibSoapySdr.Unmake(handle) == 0;
}
