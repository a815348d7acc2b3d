using System.Globalization;
using System.Text.RegularExpressions;
using SignalWatch.Contracts;
using YamlDotNet.RepresentationModel;

namespace SignalWatch.Probe.Configuration;

/// <summary>One node of the configuration with its place in the file: what is asked of it and is not so ends the reading there.</summary>
internal sealed partial class ConfigurationNode(YamlNode node, string file, IReadOnlyDictionary<string, string> definitions)
{
    /// <summary>This node, of which it is now sure that it is a mapping with no other keys than these.</summary>
    public ConfigurationNode Mapping(params string[] keys)
    {
        if (node is not YamlMappingNode mapping) throw Wrong(Texts.MustBeMapping);
        foreach (var key in mapping.Children.Keys)
            if (key is not YamlScalarNode { Value: { } name } || !keys.Contains(name)) throw Of(key).Wrong(Texts.UnknownKey(key.ToString(), keys));
        return this;
    }

    /// <summary>What a key says, where this is a mapping that has it as a text; else null. Nothing is demanded.</summary>
    public string? Names(string key) => node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out var value) ? (value as YamlScalarNode)?.Value : null;

    public ConfigurationNode? Optional(string key) => ((YamlMappingNode)node).Children.TryGetValue(new YamlScalarNode(key), out var value) ? Of(value) : null;

    public ConfigurationNode Required(string key) => Optional(key) ?? throw Wrong(Texts.MissingKey(key));

    public IEnumerable<ConfigurationNode> Items() => node is YamlSequenceNode list ? list.Children.Select(Of) : throw Wrong(Texts.MustBeList);

    /// <summary>A text that is not empty, with its <c>${NAME}</c> replaced.</summary>
    public string Words()
    {
        if (node is not YamlScalarNode { Value: { } raw } || string.IsNullOrWhiteSpace(raw)) throw Wrong(Texts.MustBeText);
        return Variable().Replace(raw, m => definitions.TryGetValue(m.Groups[1].Value, out var value) ? value : throw Wrong(Texts.Undefined(m.Groups[1].Value)));
    }

    public string Id()
    {
        var id = Words();
        return IdShape().IsMatch(id) ? id : throw Wrong(Texts.MustBeId);
    }

    public string OneOf(params string[] words)
    {
        var word = Words();
        return words.Contains(word) ? word : throw Wrong(Texts.MustBeOneOf(words));
    }

    public bool Flag() => OneOf("true", "false") == "true";

    public double Number(double low, double high) =>
        double.TryParse(Words(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= low && number <= high ? number : throw Wrong(Texts.MustBeNumber(low, high));

    public Uri Url() => Uri.TryCreate(Words(), UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : throw Wrong(Texts.MustBeUrl);

    /// <summary><c>HOST</c> or <c>HOST:PORT</c>; an IPv6 address stands in brackets.</summary>
    public HostAddress Host(int usualPort) => HostOf(Words(), usualPort);

    /// <summary>The same, of a part of what this node says.</summary>
    public HostAddress HostOf(string written, int usualPort) =>
        Uri.TryCreate("tcp://" + written, UriKind.Absolute, out var address) && address.Host.Length > 0 && address is { Query: "", Fragment: "", UserInfo: "", AbsolutePath: "" or "/" } && address.Port != 0
            ? new HostAddress(address.IdnHost, address.Port < 0 ? usualPort : address.Port) : throw Wrong(Texts.MustBeHost);

    public ProblemException Wrong(Text what) => new(Texts.ConfigInvalid(file, node.Start.Line, node.Start.Column, what));

    private ConfigurationNode Of(YamlNode other) => new(other, file, definitions);

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex Variable();

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$")]
    private static partial Regex IdShape();
}
