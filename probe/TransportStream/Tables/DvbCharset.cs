namespace SignalWatch.TransportStream;

/// <summary>What a DVB text without a selector is written in.</summary>
public enum DvbCharset
{
    /// <summary>ISO/IEC 6937 with the euro sign, the standard's default (EN 300 468 figure A.1).</summary>
    Iso6937,

    /// <summary>GB18030, which contains GBK and GB2312: what Chinese networks send.</summary>
    Gb18030,

    /// <summary>Big5.</summary>
    Big5,

    /// <summary>UTF-8.</summary>
    Utf8,

    /// <summary>ISO 8859-1.</summary>
    Latin1,

    /// <summary>ISO 8859-5.</summary>
    Cyrillic,

    /// <summary>ISO 8859-9.</summary>
    Turkish,

    /// <summary>ISO 8859-15.</summary>
    Latin9,
}
