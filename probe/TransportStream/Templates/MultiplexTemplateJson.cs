using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SignalWatch.Contracts;

namespace SignalWatch.TransportStream;

/// <summary>A template as a JSON document. Unknown members are errors: a misspelt expectation that is silently ignored would be a false calm.</summary>
public static class MultiplexTemplateJson
{
    private const int LastPid = 0x1FFF;
    private const int LargestId = 0xFFFF;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Chinese stays readable
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>The document.</summary>
    public static string Write(MultiplexTemplate template)
    {
        ArgumentNullException.ThrowIfNull(template);
        return JsonSerializer.Serialize(template, Options);
    }

    /// <summary>Reads a document.</summary>
    /// <param name="json">The document.</param>
    /// <param name="file">Its name, for the person who is told what is wrong with it.</param>
    /// <exception cref="ProblemException">It is no template of this version: where, and what is wrong there.</exception>
    public static MultiplexTemplate Read(string json, string file)
    {
        ArgumentNullException.ThrowIfNull(json);
        MultiplexTemplate template;
        try
        {
            template = JsonSerializer.Deserialize<MultiplexTemplate>(json, Options) ?? throw new JsonException("null");
        }
        catch (JsonException wrong)
        {
            throw new ProblemException(TemplateTexts.Wrong(file, wrong.Path ?? "$", TemplateTexts.NotJson(wrong.Message)), wrong);
        }
        if (template.Version != MultiplexTemplate.CurrentVersion) throw Wrong(file, "$.version", TemplateTexts.OtherVersion(template.Version));
        Check(template, file);
        return template;
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ProblemException">It can't be read, or it is no template.</exception>
    public static MultiplexTemplate ReadFile(string file)
    {
        try
        {
            return Read(File.ReadAllText(file), file);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(TemplateTexts.Unreadable(file, failed.Message), failed);
        }
    }

    private static void Check(MultiplexTemplate template, string file)
    {
        InRange(template.TransportStreamId, LargestId, "$.transportStreamId", file);
        InRange(template.OriginalNetworkId, LargestId, "$.originalNetworkId", file);
        var ids = new HashSet<int>();
        for (var i = 0; i < template.Services.Count; i++)
        {
            var (service, path) = (template.Services[i], $"$.services[{i}]");
            InRange(service.ServiceId, LargestId, $"{path}.serviceId", file);
            if (!ids.Add(service.ServiceId)) throw Wrong(file, $"{path}.serviceId", TemplateTexts.Twice);
            InRange(service.PmtPid, LastPid, $"{path}.pmtPid", file);
            InRange(service.PcrPid, LastPid, $"{path}.pcrPid", file);
            InRange(service.ServiceType, 0xFF, $"{path}.serviceType", file);
            for (var c = 0; c < service.Components?.Count; c++)
            {
                InRange(service.Components[c].Pid, LastPid, $"{path}.components[{c}].pid", file);
                InRange(service.Components[c].StreamType, 0xFF, $"{path}.components[{c}].streamType", file);
            }
            for (var c = 0; c < service.ConditionalAccess?.Count; c++)
            {
                InRange(service.ConditionalAccess[c].SystemId, LargestId, $"{path}.conditionalAccess[{c}].systemId", file);
                InRange(service.ConditionalAccess[c].EcmPid, LastPid, $"{path}.conditionalAccess[{c}].ecmPid", file);
            }
        }
    }

    private static void InRange(int? value, int high, string path, string file)
    {
        if (value is { } number && (number < 0 || number > high)) throw Wrong(file, path, TemplateTexts.OutOfRange(number, 0, high));
    }

    private static ProblemException Wrong(string file, string path, Text what) => new(TemplateTexts.Wrong(file, path, what));
}
