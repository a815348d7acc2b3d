using System.Buffers.Binary;
using SignalWatch.Tests;

namespace SignalWatch.Content.Tests.Sound;

internal static class Clips
{
    /// <summary>Ten seconds of a piano (s16, stereo, 44.1 kHz), at 32 kHz mono.</summary>
    public static float[] Piano()
    {
        const int header = 44, bytesInFrame = 4;
        var file = File.ReadAllBytes(Recordings.File("content", "audio", "chopin_short.wav"));
        var frames = (file.Length - header) / bytesInFrame;
        var sound = new float[(int)((frames - 1) * (double)ProgrammeLike.Rate / 44_100) - 1];
        for (var n = 0; n < sound.Length; n++)
        {
            var at = n * 44_100.0 / ProgrammeLike.Rate;
            var i = (int)at;
            sound[n] = (float)((1 - (at - i)) * Frame(i) + (at - i) * Frame(i + 1));
        }
        return sound;

        double Frame(int i) =>
            (BinaryPrimitives.ReadInt16LittleEndian(file.AsSpan(header + bytesInFrame * i)) + BinaryPrimitives.ReadInt16LittleEndian(file.AsSpan(header + bytesInFrame * i + 2))) / 65_536.0;
    }
}
