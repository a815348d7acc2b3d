using System.Globalization;
using System.Text.Json;

namespace SignalWatch.Rules.Expressions;

/// <summary>Values as one-member objects that name the type: <c>{"int":"5"}</c>, <c>{"list":[…]}</c>. Numbers are texts, since JSON's lose digits.</summary>
internal static class ValueJson
{
    public static Value Read(JsonElement json)
    {
        var member = json.EnumerateObject().First();
        var value = member.Value;
        return member.Name switch
        {
            "null" => Value.Null,
            "bool" => Value.Of(value.GetBoolean()),
            "int" => Value.Of(long.Parse(value.GetString()!, CultureInfo.InvariantCulture)),
            "uint" => Value.Of(ulong.Parse(value.GetString()!, CultureInfo.InvariantCulture)),
            "double" => Value.Of(Real(value.GetString()!)),
            "string" => Value.Of(value.GetString()!),
            "bytes" => Value.Of(Convert.FromHexString(value.GetString()!)),
            "list" => Value.Of(value.EnumerateArray().Select(Read).ToArray()),
            "map" => Value.Of(Map(value)),
            "type" => Value.OfType(value.GetString()!),
            _ => throw new FormatException($"'{member.Name}' is not a type"),
        };
    }

    public static void Write(Utf8JsonWriter json, Value value)
    {
        json.WriteStartObject();
        switch (value.Kind)
        {
            case ValueKind.Boolean: json.WriteBoolean("bool", value.AsBoolean); break;
            case ValueKind.Integer: json.WriteString("int", value.AsInteger.ToString(CultureInfo.InvariantCulture)); break;
            case ValueKind.Unsigned: json.WriteString("uint", value.AsUnsigned.ToString(CultureInfo.InvariantCulture)); break;
            case ValueKind.Real: json.WriteString("double", Conversions.RealText(value.AsReal)); break;
            case ValueKind.Text: json.WriteString("string", value.AsText); break;
            case ValueKind.Bytes: json.WriteString("bytes", Convert.ToHexStringLower(value.AsBytes)); break;
            case ValueKind.Type: json.WriteString("type", value.AsTypeName); break;
            case ValueKind.Timestamp: json.WriteString("timestamp", TimeFunctions.TimestampText(value)); break;
            case ValueKind.Duration: json.WriteString("duration", TimeFunctions.DurationText(value.AsDuration)); break;
            case ValueKind.List:
                json.WriteStartArray("list");
                foreach (var item in value.AsList) Write(json, item);
                json.WriteEndArray();
                break;
            case ValueKind.Map:
                json.WriteStartArray("map");
                foreach (var key in value.AsMap.Keys)
                {
                    json.WriteStartArray();
                    Write(json, key);
                    Write(json, value.AsMap[key]);
                    json.WriteEndArray();
                }
                json.WriteEndArray();
                break;
            default: json.WriteNull("null"); break;
        }
        json.WriteEndObject();
    }

    private static double Real(string text) => text switch
    {
        "inf" or "Infinity" => double.PositiveInfinity,
        "-inf" or "-Infinity" => double.NegativeInfinity,
        "nan" or "NaN" => double.NaN,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private static MapValue Map(JsonElement entries)
    {
        var map = new MapValue();
        foreach (var entry in entries.EnumerateArray())
            if (map.Add(Read(entry[0]), Read(entry[1])) is { } fault) throw new FormatException($"bad key of a map: {fault}");
        return map;
    }
}
