namespace SignalWatch.Tests;

/// <summary>The samples of the recordings, read by themselves: these tests hold for the engine alone.</summary>
internal static class RawIq
{
    public static float[] Cu8(string path) => Array.ConvertAll(File.ReadAllBytes(path), b => (b - 127.5f) / 127.5f);

    public static float[] Ci16(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var samples = new float[bytes.Length / 2];
        for (var n = 0; n < samples.Length; n++) samples[n] = BitConverter.ToInt16(bytes, 2 * n) / 32768f;
        return samples;
    }

    /// <summary>The samples of a WAV, 16 bit mono with a header of 44 bytes, full scale being <paramref name="fullScale"/>.</summary>
    public static float[] Wav(string path, float fullScale)
    {
        var bytes = File.ReadAllBytes(path);
        var data = bytes.AsSpan().IndexOf("data"u8) + 8;
        var samples = new float[(bytes.Length - data) / 2];
        for (var n = 0; n < samples.Length; n++) samples[n] = BitConverter.ToInt16(bytes, data + 2 * n) / 32768f * fullScale;
        return samples;
    }
}
