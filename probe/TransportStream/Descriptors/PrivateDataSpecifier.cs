namespace SignalWatch.TransportStream;

/// <summary>private_data_specifiers whose descriptors are read, and registrations (DVB Services' and SMPTE RA's allocations).</summary>
internal static class PrivateDataSpecifier
{
    public const uint Eacem = 0x28;
    public const uint NorDig = 0x29;
    public const uint Eutelsat = 0x55F;
    public const uint Ofcom = 0x233A;
    public const uint Australia = 0x3200;
    public const uint AvsVideo = 0x41565356; // "AVSV"
    public const uint AvsAudio = 0x41565341; // "AVSA"
    public const uint Cue = 0x43554549; // "CUEI"
    public const uint UhdWorldAssociation = 0x63757676; // "cuvv"
}
