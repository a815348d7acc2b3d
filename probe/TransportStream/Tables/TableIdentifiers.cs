namespace SignalWatch.TransportStream;

/// <summary>table_ids of the tables that are read as documents (ISO/IEC 13818-1 table 2-31; EN 300 468 table 2; EN 301 192 8.4; TS 102 809 5.3.4; SCTE 35 9.6).</summary>
internal static class TableIdentifiers
{
    public const int ProgramAssociation = 0x00;
    public const int ConditionalAccess = 0x01;
    public const int ProgramMap = 0x02;
    public const int StreamDescription = 0x03;
    public const int FirstDsmcc = 0x3A;
    public const int LastDsmcc = 0x3F;
    public const int NetworkActual = 0x40;
    public const int NetworkOther = 0x41;
    public const int ServiceActual = 0x42;
    public const int ServiceOther = 0x46;
    public const int Bouquet = 0x4A;
    public const int IpMacNotification = 0x4C;
    public const int FirstEvent = 0x4E;
    public const int EventOther = 0x4F;
    public const int FirstSchedule = 0x50;
    public const int FirstScheduleOther = 0x60;
    public const int LastEvent = 0x6F;
    public const int TimeAndDate = 0x70;
    public const int RunningStatus = 0x71;
    public const int Stuffing = 0x72;
    public const int TimeOffset = 0x73;
    public const int ApplicationInformation = 0x74;
    public const int Discontinuity = 0x7E;
    public const int Selection = 0x7F;
    public const int FirstUserDefined = 0x80;
    public const int SpliceInformation = 0xFC;
    public const int Forbidden = 0xFF;
}
