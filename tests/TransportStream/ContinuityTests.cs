namespace SignalWatch.TransportStream.Tests;

/// <summary>TR 101 290 1.4 and the exceptions of ISO/IEC 13818-1 2.4.3.3.</summary>
public sealed class ContinuityTests
{
    [Fact]
    public void A_lost_packet_is_an_error_with_its_index_and_what_is_missing() =>
        Errors(b => b.Packet(0x100, cc: 0).Packet(0x100, cc: 1).Packet(0x100, cc: 5).Packet(0x100, cc: 6))
            .Should().Equal((2L, 2, 5, 3));

    [Fact]
    public void The_counter_wraps() => Errors(b => b.Packet(0x100, cc: 14).Packet(0x100, cc: 15).Packet(0x100, cc: 0)).Should().BeEmpty();

    [Fact]
    public void A_packet_may_come_twice_and_not_more_often()
    {
        Errors(b => b.Packet(0x100, cc: 3).Repeat().Packet(0x100, cc: 4)).Should().BeEmpty();
        Errors(b => b.Packet(0x100, cc: 3).Repeat().Repeat().Repeat().Packet(0x100, cc: 4)).Should().Equal((2L, 4, 3, 0), (3L, 4, 3, 0));
    }

    [Fact]
    public void The_same_counter_with_another_content_is_fifteen_lost_packets() =>
        Errors(b => b.Packet(0x100, cc: 3).Packet(0x100, cc: 3)).Should().Equal((1L, 4, 3, 15));

    [Fact]
    public void With_the_discontinuity_indicator_any_counter_is_right() =>
        Errors(b => b.Packet(0x100, cc: 3).Packet(0x100, cc: 11, discontinuity: true).Packet(0x100, cc: 12)).Should().BeEmpty();

    [Fact]
    public void Without_payload_the_counter_stands_still()
    {
        Errors(b => b.Packet(0x100, cc: 3).Packet(0x100, cc: 3, afc: 2).Packet(0x100, cc: 3, afc: 2).Packet(0x100, cc: 4)).Should().BeEmpty();
        Errors(b => b.Packet(0x100, cc: 3).Packet(0x100, cc: 4, afc: 2).Packet(0x100, cc: 5)).Should().Equal((1L, 3, 4, 1));
    }

    [Fact]
    public void The_null_PID_and_reserved_packets_have_no_counter()
    {
        Errors(b => b.Packet(0x1FFF, cc: 3).Packet(0x1FFF, cc: 9)).Should().BeEmpty();
        Errors(b => b.Packet(0x100, cc: 3).Packet(0x100, cc: 9, afc: 0).Packet(0x100, cc: 4)).Should().BeEmpty();
    }

    private static List<(long Index, int Expected, int Cc, int Missing)> Errors(Action<StreamBuilder> build)
    {
        var builder = new StreamBuilder();
        build(builder);
        var analyzer = new TransportStreamAnalyzer(new());
        List<(long, int, int, int)> errors = [];
        analyzer.Occurred += o =>
        {
            if (o.Check == Checks.ContinuityError) errors.Add((o.PacketIndex, o.ExpectedCc!.Value, o.Cc!.Value, o.MissingPackets!.Value));
        };
        analyzer.Push(builder.Video(0x1FFF, 6).ToArray(), default);
        return errors;
    }
}
