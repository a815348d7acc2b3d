using System.Globalization;
using System.Text;

namespace SignalWatch.Rules.Expressions;

/// <summary>Conversions between types (CEL specification, "Type conversions"). What has no exact range is an error, never a wrong number.</summary>
internal static class Conversions
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static Value Bad => Value.Of(Fault.BadConversion);

    public static Value Size(Value value) => value.Kind switch
    {
        ValueKind.Text => Value.Of(Operations.CodePoints(value.AsText)),
        ValueKind.Bytes => Value.Of((long)value.AsBytes.Length),
        ValueKind.List => Value.Of((long)value.AsList.Length),
        ValueKind.Map => Value.Of((long)value.AsMap.Count),
        _ => Value.Of(Fault.NoOverload),
    };

    public static Value ToInteger(Value value) => value.Kind switch
    {
        ValueKind.Integer => value,
        ValueKind.Unsigned => value.AsUnsigned <= long.MaxValue ? Value.Of((long)value.AsUnsigned) : Value.Of(Fault.OutOfRange),
        // Both ends are refused: as reals they may stand for integers beyond.
        ValueKind.Real => value.AsReal is > -9223372036854775808.0 and < 9223372036854775808.0 ? Value.Of((long)value.AsReal) : Value.Of(Fault.OutOfRange),
        ValueKind.Text => long.TryParse(value.AsText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? Value.Of(number) : Bad,
        ValueKind.Timestamp => Value.Of(value.AsSeconds),
        _ => Value.Of(Fault.NoOverload),
    };

    public static Value ToUnsigned(Value value) => value.Kind switch
    {
        ValueKind.Unsigned => value,
        ValueKind.Integer => value.AsInteger >= 0 ? Value.Of((ulong)value.AsInteger) : Value.Of(Fault.OutOfRange),
        ValueKind.Real => value.AsReal is >= 0 and < 18446744073709551616.0 ? Value.Of((ulong)value.AsReal) : Value.Of(Fault.OutOfRange),
        ValueKind.Text => ulong.TryParse(value.AsText, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Value.Of(number) : Bad,
        _ => Value.Of(Fault.NoOverload),
    };

    public static Value ToReal(Value value) => value.Kind switch
    {
        ValueKind.Text => double.TryParse(value.AsText, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) ? Value.Of(number) : Bad,
        _ => value.IsNumber ? Value.Of(value.ToDouble()) : Value.Of(Fault.NoOverload),
    };

    public static Value ToBoolean(Value value) => value.Kind switch
    {
        ValueKind.Boolean => value,
        ValueKind.Text => value.AsText switch
        {
            "1" or "t" or "true" or "TRUE" or "True" => Value.Of(true),
            "0" or "f" or "false" or "FALSE" or "False" => Value.Of(false),
            _ => Bad,
        },
        _ => Value.Of(Fault.NoOverload),
    };

    public static Value ToBytes(Value value) => value.Kind switch
    {
        ValueKind.Bytes => value,
        ValueKind.Text => Value.Of(Encoding.UTF8.GetBytes(value.AsText)),
        _ => Value.Of(Fault.NoOverload),
    };

    public static Value ToText(Value value) => value.Kind switch
    {
        ValueKind.Text => value,
        ValueKind.Boolean => Value.Of(value.AsBoolean ? "true" : "false"),
        ValueKind.Integer => Value.Of(value.AsInteger.ToString(CultureInfo.InvariantCulture)),
        ValueKind.Unsigned => Value.Of(value.AsUnsigned.ToString(CultureInfo.InvariantCulture)),
        ValueKind.Real => Value.Of(RealText(value.AsReal)),
        ValueKind.Bytes => Utf8(value.AsBytes),
        ValueKind.Timestamp => Value.Of(TimeFunctions.TimestampText(value)),
        ValueKind.Duration => Value.Of(TimeFunctions.DurationText(value.AsDuration)),
        _ => Value.Of(Fault.NoOverload),
    };

    public static Value ToTimestamp(Value value) => value.Kind switch
    {
        ValueKind.Timestamp => value,
        ValueKind.Integer => TimeFunctions.Timestamp(value.AsInteger, 0),
        ValueKind.Text => TimeFunctions.ParseTimestamp(value.AsText),
        _ => Value.Of(Fault.NoOverload),
    };

    public static Value ToDuration(Value value) => value.Kind switch
    {
        ValueKind.Duration => value,
        ValueKind.Text => TimeFunctions.ParseDuration(value.AsText),
        _ => Value.Of(Fault.NoOverload),
    };

    /// <summary>The shortest text that reads back as the same number.</summary>
    public static string RealText(double value) => value switch
    {
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        _ when double.IsNaN(value) => "nan",
        _ => value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e'),
    };

    private static Value Utf8(byte[] bytes)
    {
        try
        {
            return Value.Of(Strict.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            return Bad;
        }
    }
}
