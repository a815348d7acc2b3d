using SignalWatch.Contracts;
using SignalWatch.Rules.Expressions;

namespace SignalWatch.Rules;

/// <summary>A value of a parameter from a day on.</summary>
/// <param name="From">First moment at which it is in force: 00:00 UTC+8 of its day.</param>
/// <param name="Value">The value; null where the parameter ends on that day.</param>
/// <param name="Reference">The legal or technical source of the value.</param>
public sealed record DatedValue(DateTimeOffset From, Fact? Value, string Reference);

/// <summary>A threshold of a rule pack, by the day from which it is in force: an audit of last year uses last year's value.</summary>
/// <param name="Name">Its name: <c>fm01_snr_min</c>; expressions read it as <c>parameters.fm01_snr_min</c>.</param>
/// <param name="Unit">The unit as people read it, or an empty text.</param>
/// <param name="Title">What it is.</param>
/// <param name="Values">Its values, oldest first.</param>
public sealed record Parameter(string Name, string Unit, Text Title, IReadOnlyList<DatedValue> Values)
{
    /// <summary>The value in force at <paramref name="at"/>, or null: before the first and after the end there is none.</summary>
    public DatedValue? At(DateTimeOffset at)
    {
        for (var i = Values.Count - 1; i >= 0; i--)
            if (Values[i].From <= at) return Values[i].Value is null ? null : Values[i];
        return null;
    }

    internal ExpressionType Type => Values.Select(v => v.Value).FirstOrDefault(v => v is not null)?.Type switch
    {
        FactType.Number => ExpressionType.Real,
        FactType.Boolean => ExpressionType.Boolean,
        FactType.Text => ExpressionType.Text,
        _ => ExpressionType.Any,
    };
}
