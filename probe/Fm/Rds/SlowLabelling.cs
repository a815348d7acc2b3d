namespace SignalWatch.Fm.Rds;

/// <summary>What groups 1A say in turns: extended country code, language, programme item (EN 50067 §3.2.1.8, §3.2.3). Each counts when it was heard twice without another in between.</summary>
internal sealed class SlowLabelling
{
    private Repeated<byte> country;
    private Repeated<byte> language;
    private Repeated<ushort> item;

    public byte? ExtendedCountryCode => country.Confirmed;

    /// <summary>ISO 639.</summary>
    public string? Language => language.Confirmed is { } code ? RdsCodes.Language(code) : null;

    public RdsProgrammeItem? ProgrammeItem => item.Confirmed is { } word ? ItemOf(word) : null;

    /// <summary>Takes block C of a group 1A.</summary>
    public void AcceptLabel(ushort c)
    {
        if (CountryOf(c) is { } code) country.Accept(code);
        if (LanguageOf(c) is { } spoken) language.Accept(spoken);
    }

    /// <summary>Takes block D of a group 1A or 1B.</summary>
    public void AcceptItem(ushort d) => item.Accept(d);

    public void Clear() => (country, language, item) = (default, default, default);

    /// <summary>The extended country code of block C; null in the other variants. Variant 0 with a code 00 says nothing.</summary>
    public static byte? CountryOf(ushort c) => (c >> 12 & 7) == 0 && (c & 0xFF) != 0 ? (byte)c : null;

    /// <summary>The language code of block C; null in the other variants.</summary>
    public static byte? LanguageOf(ushort c) => (c >> 12 & 7) == 3 ? (byte)c : null;

    /// <summary>The time of a programme item; null where it is none (a day of 0 says that there is none).</summary>
    public static RdsProgrammeItem? ItemOf(ushort d) => new RdsProgrammeItem(d >> 11, d >> 6 & 31, d & 63) is { Day: > 0, Hour: < 24, Minute: < 60 } item ? item : null;
}

/// <summary>A value that counts once it was heard twice without another one in between.</summary>
internal struct Repeated<T> where T : struct, IEquatable<T>
{
    private T? candidate;

    public T? Confirmed { get; private set; }

    public void Accept(T value)
    {
        if (value.Equals(candidate.GetValueOrDefault()) && candidate.HasValue) Confirmed = value;
        candidate = value;
    }
}
