using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Catalog.Import;

public enum ImportState
{
    Waiting,
    Running,
    Done,

    /// <summary>The file as a whole could not be read, or the shop was stopped; what had landed stays, and the same file may be sent again.</summary>
    Failed,
}

/// <summary>An import that was sent over the API: how far it is and what it could not take.</summary>
public sealed class ImportRun
{
    /// <summary>What a run says that its process did not live to finish, or to begin.</summary>
    public const string WasStopped = "The shop was stopped; send the file again.";

    /// <summary>Characters of a failure.</summary>
    internal const int MaxFailure = 1000;

    /// <summary>A run that says nothing for so long has lost its process.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    public required Guid Id { get; init; }
    public required string FileName { get; init; }
    public required string StartedBy { get; init; }
    public ImportState State { get; set; }

    /// <summary>Share of the file that has been read, from 0 to 1.</summary>
    public double Share { get; set; }

    public int Products { get; set; }
    public int Created { get; set; }
    public int Updated { get; set; }

    /// <summary>Products that were in the shop as the file has them.</summary>
    public int Unchanged { get; set; }

    public int ProblemCount { get; set; }

    /// <summary>JSON: a list of <see cref="ImportProblem"/>, at most <see cref="ImportReport.MaxListed"/>.</summary>
    public string Problems { get; set; } = "[]";

    /// <summary>The encoding the file was read in; null until it is done.</summary>
    public string? Encoding { get; set; }

    public string? Failure { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset HeardAt { get; set; }

    /// <summary>How much of the file has been read, in percent to one decimal.</summary>
    public double Percent => Math.Round(Share * 100, 1);

    /// <summary>What has become of it: a run whose process has ended without a word has failed.</summary>
    public ImportState StateAt(DateTimeOffset now) => IsLost(now) ? ImportState.Failed : State;

    /// <summary>Why it has failed; null when it has not.</summary>
    public string? FailureAt(DateTimeOffset now) => IsLost(now) ? WasStopped : Failure;

    private bool IsLost(DateTimeOffset now) => State is ImportState.Waiting or ImportState.Running && now - HeardAt > Silence;
}

internal sealed class ImportRunMapping : IEntityTypeConfiguration<ImportRun>
{
    public void Configure(EntityTypeBuilder<ImportRun> builder)
    {
        builder.ToTable("import_runs");
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(r => r.Encoding).HasMaxLength(16);
        builder.Property(r => r.FileName).HasMaxLength(255);
        builder.Property(r => r.Problems).HasColumnType("jsonb");
    }
}
