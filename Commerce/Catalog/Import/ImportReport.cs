namespace Commerce.Catalog.Import;

/// <summary>
/// Something in the file that could not be taken over. Line counts from 1, the header being line 1; column is the header's name for it, or
/// <c>options</c> and <c>encoding</c> for what is more than a cell.
/// </summary>
public sealed record ImportProblem(long Line, string Column, string Reason)
{
    internal const string Options = "options";
    internal const string Encoding = "encoding";
}

/// <summary>How far an import is: share of the file read, from 0 to 1.</summary>
public readonly record struct ImportProgress(double Share, int Products, int Problems);

/// <summary>What an import has done.</summary>
public sealed class ImportReport
{
    /// <summary>Most problems that are listed; all are counted.</summary>
    public const int MaxListed = 1000;

    /// <summary>Characters of a reason, and of a column's name, that are listed: what they quote may be as long as a cell, and hold what no text of the database can.</summary>
    private const int MaxText = 500;

    private readonly List<ImportProblem> _problems = [];

    public int Created { get; internal set; }
    public int Updated { get; internal set; }
    /// <summary>Products that were in the shop as the file has them.</summary>
    public int Unchanged { get; internal set; }

    public int Variants { get; internal set; }
    public int Images { get; internal set; }
    public int ProblemCount { get; private set; }

    /// <summary>The first <see cref="MaxListed"/> of them.</summary>
    public IReadOnlyList<ImportProblem> Problems => _problems;

    /// <summary>The encoding the file was read in.</summary>
    public string Encoding { get; internal set; } = "UTF-8";

    /// <summary>Where the report stands, to return to when what follows is undone.</summary>
    internal (int Created, int Updated, int Unchanged, int Variants, int Images, int Problems) Mark() => (Created, Updated, Unchanged, Variants, Images, ProblemCount);

    internal void ReturnTo((int Created, int Updated, int Unchanged, int Variants, int Images, int Problems) mark)
    {
        (Created, Updated, Unchanged, Variants, Images, ProblemCount) = mark;
        if (_problems.Count > ProblemCount) _problems.RemoveRange(ProblemCount, _problems.Count - ProblemCount);
    }

    internal void Add(long line, string column, string reason)
    {
        ProblemCount++;
        if (_problems.Count < MaxListed) _problems.Add(new ImportProblem(line, column.CutTo(MaxText), reason.CutTo(MaxText)));
    }
}

/// <summary>The file as a whole cannot be imported; the message says why.</summary>
public sealed class ImportFileException(string message) : Exception(message);
