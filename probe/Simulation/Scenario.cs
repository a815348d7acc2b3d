using SignalWatch.Contracts;

namespace SignalWatch.Simulation;

/// <summary>What happens in the city: the content of a scenario file. Names in the file are snake_case; an unknown one is an error.</summary>
internal sealed record Scenario
{
    public required Text Title { get; init; }

    /// <summary>The city's time when the simulation begins.</summary>
    public required DateTimeOffset Clock { get; init; }

    /// <summary>Virtual seconds a second.</summary>
    public double Speed { get; init; } = 1;

    public required FmScene Fm { get; init; }
    public required IReadOnlyList<MultiplexScene> Multiplexes { get; init; }
    public required IReadOnlyList<ChannelScene> Channels { get; init; }
}

/// <summary>The FM band as the simulated receiver hears it.</summary>
internal sealed record FmScene
{
    /// <summary>Where the receiver is tuned to unless it is told otherwise.</summary>
    public required long CenterHz { get; init; }

    /// <summary>Noise power in the whole band, dBFS.</summary>
    public required double NoiseDbfs { get; init; }

    /// <summary>The receiver's own line at the centre, dBFS.</summary>
    public required double DcDbfs { get; init; }

    /// <summary>How far below a carrier its mirror image lies, dB; null: the receiver makes none.</summary>
    public double? ImageDb { get; init; }

    /// <summary>Level of each of two carriers at which their third-order products would be as strong as they are, dBFS; null: the receiver is linear.</summary>
    public double? ThirdOrderInterceptDbfs { get; init; }

    /// <summary>Input power that gives 0 dBFS, dBm; null: the receiver is not calibrated.</summary>
    public double? DbmAtFullScale { get; init; }

    public required IReadOnlyList<EmitterScene> Emitters { get; init; }
}

internal sealed record EmitterScene
{
    public required Text Name { get; init; }
    public required long FrequencyHz { get; init; }

    /// <summary>How far the real carrier lies from the nominal frequency.</summary>
    public double OffsetHz { get; init; }

    public required double LevelDbfs { get; init; }

    /// <summary>Null: a bare carrier.</summary>
    public ProgrammeScene? Programme { get; init; }

    public RdsScene? Rds { get; init; }
    public IReadOnlyList<Window>? On { get; init; }
}

internal enum ProgrammeStyle
{
    Music,
    Speech,
}

internal sealed record ProgrammeScene
{
    public required ProgrammeStyle Style { get; init; }

    /// <summary>Deviation at full sound level, Hz, without pilot and RDS.</summary>
    public required double DeviationHz { get; init; }

    /// <summary>Deviation of the stereo pilot; null: mono.</summary>
    public double? PilotHz { get; init; }

    /// <summary>The programme repeats after so long; null: it does not.</summary>
    public double? LoopS { get; init; }

    public int Seed { get; init; }
}

internal sealed record RdsScene
{
    /// <summary>Programme identification, four hexadecimal digits.</summary>
    public required string Pi { get; init; }

    /// <summary>Programme service name, at most eight characters of ASCII.</summary>
    public required string Ps { get; init; }

    /// <summary>Radio text, at most 64 characters of ASCII.</summary>
    public string? RadioText { get; init; }

    public int ProgrammeType { get; init; }

    /// <summary>Peak deviation of the RDS subcarrier, Hz.</summary>
    public double DeviationHz { get; init; } = 2000;
}

internal sealed record MultiplexScene
{
    /// <summary>By which the source is opened: <c>multiplex</c>, <c>hotel</c>.</summary>
    public required string Id { get; init; }

    public required Text Name { get; init; }
    public required int TransportStreamId { get; init; }
    public required int OriginalNetworkId { get; init; }
    public required string NetworkName { get; init; }
    public required int BitrateBps { get; init; }
    public required IReadOnlyList<ServiceScene> Services { get; init; }
}

internal sealed record ServiceScene
{
    public required int ServiceId { get; init; }
    public required string Name { get; init; }
    public required string Provider { get; init; }

    /// <summary>How the names are coded: <c>gb18030</c> or <c>utf8</c> (EN 300 468 annex A).</summary>
    public required NameCoding Coding { get; init; }

    public required int BitrateBps { get; init; }

    /// <summary>When it is in the multiplex: in the tables and with packets.</summary>
    public IReadOnlyList<Window>? On { get; init; }

    /// <summary>When packets of it get lost.</summary>
    public IReadOnlyList<Window>? Losing { get; init; }
}

internal enum NameCoding
{
    Gb18030,
    Utf8,
}

internal sealed record ChannelScene
{
    /// <summary>By which the source is opened: <c>ott</c>.</summary>
    public required string Id { get; init; }

    public required Text Name { get; init; }
    public required double SegmentS { get; init; }
    public required int Window { get; init; }

    /// <summary>When its playlist stands still.</summary>
    public IReadOnlyList<Window> Stale { get; init; } = [];
}
