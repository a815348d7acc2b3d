using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace SignalWatch.Hardware.Iq;

/// <summary>The part of librtlsdr 0.6 that is used (rtl-sdr.h). Its ABI name is that of Debian's package librtlsdr0.</summary>
internal static unsafe partial class Librtlsdr
{
    public const string Package = "librtlsdr0";
    public const int StringBytes = 256; // of each USB string (rtl-sdr.h, rtlsdr_get_device_usb_strings)

    /// <summary>Results of <see cref="Open"/> are those of libusb (libusb_error).</summary>
    public const int AccessDenied = -3;
    public const int Busy = -6;

    private const string Library = "librtlsdr.so.0";

    [LibraryImport(Library, EntryPoint = "rtlsdr_get_device_count")]
    public static partial uint DeviceCount();

    [LibraryImport(Library, EntryPoint = "rtlsdr_get_device_name")]
    private static partial byte* GetDeviceName(uint index);

    [LibraryImport(Library, EntryPoint = "rtlsdr_get_device_usb_strings")]
    public static partial int UsbStrings(uint index, Span<byte> manufacturer, Span<byte> product, Span<byte> serial);

    [LibraryImport(Library, EntryPoint = "rtlsdr_open")]
    public static partial int Open(out RtlSdrHandle device, uint index);

    [LibraryImport(Library, EntryPoint = "rtlsdr_close")]
    public static partial int Close(nint device);

    [LibraryImport(Library, EntryPoint = "rtlsdr_set_center_freq")]
    public static partial int SetFrequency(RtlSdrHandle device, uint hz);

    [LibraryImport(Library, EntryPoint = "rtlsdr_set_sample_rate")]
    public static partial int SetSampleRate(RtlSdrHandle device, uint hz);

    [LibraryImport(Library, EntryPoint = "rtlsdr_get_sample_rate")]
    public static partial uint SampleRate(RtlSdrHandle device);

    [LibraryImport(Library, EntryPoint = "rtlsdr_set_freq_correction")]
    public static partial int SetPpm(RtlSdrHandle device, int ppm);

    [LibraryImport(Library, EntryPoint = "rtlsdr_get_tuner_type")]
    public static partial uint TunerType(RtlSdrHandle device);

    [LibraryImport(Library, EntryPoint = "rtlsdr_get_tuner_gains")]
    public static partial int TunerGains(RtlSdrHandle device, int* tenthDb);

    [LibraryImport(Library, EntryPoint = "rtlsdr_set_tuner_gain_mode")]
    public static partial int SetManualGain(RtlSdrHandle device, int manual);

    [LibraryImport(Library, EntryPoint = "rtlsdr_set_tuner_gain")]
    public static partial int SetGain(RtlSdrHandle device, int tenthDb);

    [LibraryImport(Library, EntryPoint = "rtlsdr_set_agc_mode")]
    public static partial int SetAgc(RtlSdrHandle device, int on);

    [LibraryImport(Library, EntryPoint = "rtlsdr_set_bias_tee")]
    public static partial int SetBiasTee(RtlSdrHandle device, int on);

    [LibraryImport(Library, EntryPoint = "rtlsdr_reset_buffer")]
    public static partial int ResetBuffer(RtlSdrHandle device);

    [LibraryImport(Library, EntryPoint = "rtlsdr_read_async")]
    public static partial int ReadAsync(RtlSdrHandle device, delegate* unmanaged[Cdecl]<byte*, uint, nint, void> take, nint context, uint buffers, uint bufferBytes);

    [LibraryImport(Library, EntryPoint = "rtlsdr_cancel_async")]
    public static partial int CancelAsync(RtlSdrHandle device);

    public static string DeviceName(uint index) => Marshal.PtrToStringUTF8((nint)GetDeviceName(index)) ?? "";

    public static string Text(ReadOnlySpan<byte> buffer) => Encoding.UTF8.GetString(buffer[..Math.Max(0, buffer.IndexOf((byte)0))]);
}

/// <summary>An rtlsdr_dev_t.</summary>
internal sealed class RtlSdrHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => Librtlsdr.Close(handle) == 0;
}
