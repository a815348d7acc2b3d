using SignalWatch.Fm;

namespace SignalWatch.Tests;

/// <summary>Sensitivity, a short version. Of 228 groups in 20 s redsea 1.3.1 gets 1, 95, 203 and 224 whole at 14, 16, 18 and 20 dB of CNR in 200 kHz.</summary>
public sealed class RdsSensitivityTests
{
    private static readonly RdsGroup[] Groups = [.. Enumerable.Range(0, 500).Select(Group)];

    private static RdsGroup Group(int n)
    {
        var random = new Random(n);
        return new RdsGroup(0xC201, (ushort)((n % 3 == 0 ? 0x2400 : 0x0400) | n % 16), (ushort)random.Next(65536), (ushort)random.Next(65536));
    }

    [Theory]
    [InlineData(15, 25)]
    [InlineData(17, 45)]
    public void A_weak_station_is_read(double cnrDb, int atLeast)
    {
        var result = RdsSensitivity.Run(Groups, cnrDb, seconds: 5, seed: 1);
        result.Sent.Should().Be(57);
        result.Whole.Should().BeGreaterThanOrEqualTo(atLeast);
        result.WrongBlocks.Should().Be(0);
    }

    [Fact]
    public void Where_no_RDS_is_sent_none_is_received() => RdsSensitivity.Run([], cnrDb: 18, seconds: 4, seed: 2).Blocks.Should().Be(0);
}
