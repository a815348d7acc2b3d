using SignalWatch.Contracts;

namespace SignalWatch.Rules;

/// <summary>One thing that is wrong with a rule pack, at the place where a person can mend it.</summary>
/// <param name="File">Path within the pack, with <c>/</c>: <c>rules/fm.yaml</c>.</param>
/// <param name="Line">Line, from 1; 0 where the file as a whole is meant.</param>
/// <param name="Column">Column, from 1; 0 where the file as a whole is meant.</param>
/// <param name="What">What is wrong, and what would be right.</param>
public sealed record PackProblem(string File, int Line, int Column, Text What)
{
    /// <summary>One line for a person or an editor: <c>rules/fm.yaml:12:5: …</c>.</summary>
    public string In(Language language) => Line > 0 ? $"{File}:{Line}:{Column}: {What.In(language)}" : $"{File}: {What.In(language)}";
}
