using System.Globalization;
using System.Runtime.InteropServices;

namespace SignalWatch.Bench;

/// <summary>FFTW 3, single precision, where Debian's libfftw3-single3 is installed: the transform of the same size, for comparison.</summary>
internal static unsafe partial class Fftw
{
    private const string Library = "libfftw3f.so.3";
    private const int Forward = -1;
    private const uint Measure = 0;

    /// <summary>The peer's figure for the transform without a window, or null.</summary>
    public static string? Peer(int size)
    {
        if (!NativeLibrary.TryLoad(Library, typeof(Fftw).Assembly, null, out _)) return null;
        var input = (float*)Allocate((nuint)(8 * size));
        var output = (float*)Allocate((nuint)(8 * size));
        var plan = Plan(size, input, output, Forward, Measure);
        for (var n = 0; n < 2 * size; n++) input[n] = n % 7 * 0.1f;
        var runs = 100_000_000 / size;
        Run(1000);
        var start = Environment.CpuUsage.TotalTime;
        Run(runs);
        var rate = runs * (double)size / (Environment.CpuUsage.TotalTime - start).TotalSeconds / 1e6;
        Destroy(plan);
        Free(input);
        Free(output);
        return string.Create(CultureInfo.InvariantCulture, $"FFTW transform alone {rate:0} MS/s");

        void Run(int count)
        {
            for (var n = 0; n < count; n++) Execute(plan);
        }
    }

    [LibraryImport(Library, EntryPoint = "fftwf_plan_dft_1d")]
    private static partial nint Plan(int size, float* input, float* output, int sign, uint flags);

    [LibraryImport(Library, EntryPoint = "fftwf_execute")]
    private static partial void Execute(nint plan);

    [LibraryImport(Library, EntryPoint = "fftwf_destroy_plan")]
    private static partial void Destroy(nint plan);

    [LibraryImport(Library, EntryPoint = "fftwf_malloc")]
    private static partial void* Allocate(nuint bytes);

    [LibraryImport(Library, EntryPoint = "fftwf_free")]
    private static partial void Free(void* memory);
}
