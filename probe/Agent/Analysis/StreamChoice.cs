using System.Globalization;
using System.Net;
using SignalWatch.Contracts;

namespace SignalWatch.Probe.Analysis;

/// <summary>One stream of a capture, as a person names it: by number, or by destination.</summary>
/// <param name="Number">In the order in which transport streams were found, from 1.</param>
/// <param name="Destination">Address and port.</param>
internal sealed record StreamChoice(int? Number, IPEndPoint? Destination)
{
    /// <exception cref="ProblemException">It is neither.</exception>
    public static StreamChoice Parse(string written)
    {
        if (int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0) return new(number, null);
        return written.LastIndexOf(':') > 0 && IPEndPoint.TryParse(written, out var end) && end.Port > 0 ? new(null, end) : throw new ProblemException(TsTexts.BadStream(written));
    }

    public bool Fits(int number, IPAddress destination, int port) => Number is { } wanted ? wanted == number : Destination!.Port == port && Destination.Address.Equals(destination);
}
