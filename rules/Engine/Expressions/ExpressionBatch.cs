using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SignalWatch.Contracts;

namespace SignalWatch.Rules.Expressions;

/// <summary>Evaluates the expressions of a conformance file: an array of <c>{"file","section","name","expr","bindings","disableCheck"}</c>.</summary>
public static class ExpressionBatch
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One JSON line for each test: its <c>file</c>, <c>section</c> and <c>name</c>, and the <c>value</c> in the file's form, or <c>"error":true</c> with a <c>message</c>.</summary>
    /// <param name="json">The file, UTF-8.</param>
    /// <exception cref="ProblemException">The file is not of that form.</exception>
    public static IReadOnlyList<string> Run(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.EnumerateArray().Select(Line)];
        }
        catch (Exception bad) when (bad is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            throw new ProblemException(Texts.BatchInvalid(bad.Message), bad);
        }
    }

    private static string Line(JsonElement test)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var line = new Utf8JsonWriter(buffer, Plain))
        {
            line.WriteStartObject();
            foreach (var name in (ReadOnlySpan<string>)["file", "section", "name"]) line.WriteString(name, test.GetProperty(name).GetString());
            var value = Evaluate(test, out var message);
            if (message is null)
            {
                line.WritePropertyName("value");
                ValueJson.Write(line, value);
            }
            else
            {
                line.WriteBoolean("error", true);
                line.WriteString("message", message);
            }
            line.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static Value Evaluate(JsonElement test, out string? message)
    {
        var source = test.GetProperty("expr").GetString()!;
        var bindings = test.TryGetProperty("bindings", out var given) ? given.EnumerateObject().ToDictionary(b => b.Name, b => ValueJson.Read(b.Value)) : [];
        var scope = new Scope(bindings.Select(b => new Variable(b.Key, Checker.TypeOf(b.Value), "", VariableSource.Fact, new(b.Key, b.Key))));
        if (Parser.Parse(source, out var problem) is not { } syntax) return Fail(source, problem!, out message);
        var slots = new Slots();
        var problems = new List<ExpressionProblem>();
        if (!test.TryGetProperty("disableCheck", out var unchecked_) || !unchecked_.GetBoolean()) new Checker(scope, slots, problems).Check(syntax);
        if (problems.Count > 0) return Fail(source, problems[0], out message);
        var evaluator = Evaluator.Compile(syntax, scope, slots);
        var value = evaluator.Evaluate(slots.Variables.Select(v => bindings[v.Name]).ToArray());
        message = value.Kind == ValueKind.Error ? value.AsFault.ToString() : null;
        return value;
    }

    private static Value Fail(string source, ExpressionProblem problem, out string? message)
    {
        var before = source.AsSpan(0, Math.Min(problem.Offset, source.Length));
        message = $"{before.Count('\n') + 1}:{before.Length - before.LastIndexOf('\n')}: {problem.What.En}";
        return Value.Null;
    }
}
