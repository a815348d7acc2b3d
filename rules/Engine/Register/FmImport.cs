using SignalWatch.Contracts;

namespace SignalWatch.Rules;

/// <summary>What becomes of a file with bad rows.</summary>
public enum ImportMode
{
    /// <summary>The good rows are kept, the bad ones are reported.</summary>
    KeepGood,

    /// <summary>One problem, and nothing is kept.</summary>
    RefuseWhole,
}

/// <summary>One thing that is wrong with a file of a register.</summary>
/// <param name="Line">Line of the file, from 1; 0 where the file as a whole is meant.</param>
/// <param name="Column">Column of the table, from 1; 0 where the row as a whole is meant.</param>
/// <param name="Name">Name of the column, or an empty text.</param>
/// <param name="What">What is wrong, and what would be right.</param>
public sealed record RowProblem(int Line, int Column, string Name, Text What)
{
    /// <summary>One line for a person.</summary>
    public string In(Language language) => Texts.RowProblemLine(this).In(language);
}

/// <summary>What an import gave.</summary>
/// <param name="Register">The register; null where the file, or the whole of it because of one row, was refused.</param>
/// <param name="Problems">Everything that is wrong, by line.</param>
/// <param name="Rows">Rows in the file, without its header.</param>
/// <param name="Kept">Rows in the register.</param>
/// <param name="Encoding">What the file was read as: <c>UTF-8</c>, <c>UTF-8 BOM</c> or <c>GB18030</c>.</param>
public sealed record FmImport(FmRegister? Register, IReadOnlyList<RowProblem> Problems, int Rows, int Kept, string Encoding);
