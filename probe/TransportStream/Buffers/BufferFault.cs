namespace SignalWatch.TransportStream;

/// <summary>How a stream breaks the system target decoder (ISO/IEC 13818-1 2.4.2; TR 101 290 3.3, 3.9, 3.10).</summary>
internal enum BufferFault
{
    /// <summary>TB takes more than its size: packets of the PID come faster than they leave (3.3).</summary>
    TransportOverflow,

    /// <summary>TB was not empty for more than a second (3.9).</summary>
    TransportNotEmptied,

    /// <summary>MB takes more than its size (3.3).</summary>
    MultiplexOverflow,

    /// <summary>B of sound takes more than its size (3.3).</summary>
    ElementaryOverflow,

    /// <summary>An access unit was not whole when it had to be decoded (3.3).</summary>
    ElementaryUnderflow,

    /// <summary>Bsys takes more than its size: sections come in bursts (3.3).</summary>
    SystemOverflow,

    /// <summary>TBsys was not empty for more than a second (3.9).</summary>
    SystemNotEmptied,

    /// <summary>Data stay in the decoder longer than they may (3.10).</summary>
    DataDelay,
}

/// <summary>A fault that begins.</summary>
/// <param name="Fault">Which.</param>
/// <param name="Measured">Bytes in the buffer, or ms: of delay, of time without being empty, of lateness.</param>
/// <param name="Limit">What is allowed, in the same unit.</param>
internal readonly record struct BufferFaultAt(BufferFault Fault, double Measured, double Limit)
{
    /// <summary><c>ms</c> or <c>B</c>.</summary>
    public string Unit => Fault is BufferFault.TransportNotEmptied or BufferFault.SystemNotEmptied or BufferFault.ElementaryUnderflow or BufferFault.DataDelay ? "ms" : "B";
}
