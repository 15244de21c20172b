namespace Bench.Replaying;

internal enum RecordedKind
{
    Begin,
    Statement,
    Sync,
    Commit,
    Rollback,

    /// <summary>What a pool does to a connection between two uses.</summary>
    Reset,
}

/// <summary>A value as it was bound: its type's object id, whether it is binary, and the bytes (null: NULL).</summary>
internal sealed record RecordedValue(uint Type, bool IsBinary, byte[]? Bytes);

/// <summary>Something a client has asked of PostgreSQL.</summary>
internal sealed record RecordedStep(object Connection, RecordedKind Kind, string Sql, RecordedValue[] Values)
{
    /// <summary>The server's word on it, such as <c>INSERT 0 3</c>; null while there is none.</summary>
    public string? Outcome { get; set; }
}

/// <summary>Statements that went to the server in one message, or a whole transaction of such.</summary>
internal sealed record RecordedUnit(bool IsTransaction, bool IsCommitted, IReadOnlyList<IReadOnlyList<RecordedStep>> Batches);

/// <summary>Everything that was asked while it lasted, in order.</summary>
internal sealed class Recording
{
    /// <summary>Reads that go by the clock, not by the order.</summary>
    private static readonly string[] ByTheClock = ["GROUP BY kind", "pg_catalog", "catalog_changes", "recurring_tasks", "batch_key IS NOT NULL"];

    private readonly List<RecordedStep> _steps = [];
    private readonly Lock _lock = new();

    public void Add(RecordedStep step)
    {
        lock (_lock) _steps.Add(step);
    }

    /// <summary>Transactions, and batches outside of any, in the order in which they began.</summary>
    public IReadOnlyList<RecordedUnit> Units()
    {
        lock (_lock)
        {
            var order = new Dictionary<RecordedStep, int>(ReferenceEqualityComparer.Instance);
            for (var i = 0; i < _steps.Count; i++) order[_steps[i]] = i;
            return [.. _steps.GroupBy(step => step.Connection).SelectMany(Units)
                .Where(unit => !unit.Batches.SelectMany(batch => batch).Any(IsHousekeeping))
                .OrderBy(unit => order[unit.Batches[0][0]])];
        }
    }

    /// <summary>
    /// Not part of what is replayed: statements that take whatever rows are due, without naming one. They serve all orders at once, and run
    /// whether there is one or not.
    /// </summary>
    private static bool IsHousekeeping(RecordedStep step) =>
        Array.Exists(ByTheClock, word => step.Sql.Contains(word, StringComparison.Ordinal))
        || (step.Sql.Contains("SKIP LOCKED", StringComparison.Ordinal) && !Array.Exists(step.Values, value => value.Type is WireValue.Uuid or WireValue.UuidArray));

    private static IEnumerable<RecordedUnit> Units(IEnumerable<RecordedStep> connection)
    {
        var batches = new List<IReadOnlyList<RecordedStep>>();
        var batch = new List<RecordedStep>();
        var inTransaction = false;
        foreach (var step in connection)
        {
            switch (step.Kind)
            {
                case RecordedKind.Begin:
                    inTransaction = true;
                    break;
                case RecordedKind.Statement:
                    batch.Add(step);
                    break;
                case RecordedKind.Sync when batch.Count > 0:
                    batches.Add(batch);
                    batch = [];
                    if (!inTransaction)
                    {
                        yield return new RecordedUnit(false, true, batches);
                        batches = [];
                    }
                    break;
                case RecordedKind.Commit or RecordedKind.Rollback:
                    inTransaction = false;
                    if (batches.Count > 0) yield return new RecordedUnit(true, step.Kind == RecordedKind.Commit, batches);
                    batches = [];
                    break;
                default:
                    break;
            }
        }
    }
}
