using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.Rules.Expressions;

namespace SignalWatch.Rules.Evaluation;

/// <summary>Fills a rule's slots from an observation, the register and the parameters in force.</summary>
internal sealed class FactReader(FmRegister register)
{
    /// <summary>Reads what <paramref name="rule"/> needs of <paramref name="o"/>. A fact of the wrong type counts as missing: it says nothing that the rule could use.</summary>
    public void Read(Rule rule, Observation o, Fact?[] facts, Value[] values)
    {
        var licence = rule.ReadsRegister && IsPlaced(o, out var area, out var frequency) ? register.Look(area, frequency, o.At, PiOf(o)) : default;
        for (var i = 0; i < values.Length; i++)
        {
            var variable = rule.Slots.Variables[i];
            var fact = variable.Source switch
            {
                VariableSource.Fact => o.Facts.TryGetValue(variable.Name, out var measured) ? measured : null,
                VariableSource.Licence => OfLicence(variable, licence, o),
                VariableSource.Subject => Fact.Of(o.Subject.Key),
                VariableSource.Parameter => variable.Parameter!.At(o.At)?.Value,
                _ => (Fact?)null,
            };
            if (fact is { } known && !Fits(known.Type, variable.Type)) fact = null;
            facts[i] = fact;
            values[i] = fact is { } usable ? ValueOf(usable) : Value.Missing(1UL << i);
        }
    }

    private static bool Fits(FactType fact, ExpressionType type) => fact switch
    {
        FactType.Number => type == ExpressionType.Real,
        FactType.Boolean => type == ExpressionType.Boolean,
        _ => type == ExpressionType.Text,
    };

    private static Value ValueOf(Fact fact) => fact.Type switch
    {
        FactType.Number => Value.Of(fact.AsNumber),
        FactType.Boolean => Value.Of(fact.AsBoolean),
        _ => Value.Of(fact.AsText),
    };

    // The subject, not the measured frequency, is looked up: all probes that see one subject must get the same answer.
    private static bool IsPlaced(Observation o, out ReadOnlySpan<char> area, out long frequencyHz)
    {
        var key = o.Subject.Key.AsSpan();
        var slash = key.LastIndexOf('/');
        area = slash >= 0 ? key[..slash] : default;
        frequencyHz = 0;
        return slash >= 0 && long.TryParse(key[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out frequencyHz);
    }

    private static Fact? OfLicence(Variable variable, RegisterEntry found, Observation o)
    {
        if (!found.Known) return null;
        if (variable == LicenceVariables.Elsewhere) return found.Elsewhere is { } there ? Fact.Of(there) : null;
        if (found.Licence is not { } licence) return variable == LicenceVariables.Class ? Fact.Of("none") : null;
        if (variable == LicenceVariables.Class) return Fact.Of(NameOf(licence.Class));
        if (variable == LicenceVariables.Name) return Fact.Of(licence.Name);
        if (variable == LicenceVariables.Licensee) return Fact.Of(licence.Licensee);
        if (variable == LicenceVariables.FrequencyHz) return Fact.Of(licence.FrequencyHz);
        if (licence.Pi is not { } pi) return null;
        if (variable == LicenceVariables.Pi) return Fact.Of(pi);
        return PiOf(o) is { } seen ? Fact.Of(string.Equals(seen, pi, StringComparison.OrdinalIgnoreCase)) : null;
    }

    private static string? PiOf(Observation o) => o.Facts.TryGetValue("pi", out var seen) && seen.Type == FactType.Text ? seen.AsText : null;

    private static string NameOf(LicenceClass value) => value switch
    {
        LicenceClass.Licensed => "licensed",
        LicenceClass.Overspill => "overspill",
        LicenceClass.Relay => "relay",
        _ => "test",
    };
}
