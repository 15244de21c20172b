using System.Data;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Bench.Replaying;

/// <summary>
/// A recorded run as raw Npgsql repeats it: the same statements with values of the same types, in the same messages and transactions, on
/// pooled connections, every row read. Only the identities are fresh.
/// </summary>
internal sealed class Replay
{
    private readonly Tokens _tokens;
    private readonly List<Unit> _units;

    /// <param name="recording">Of one run.</param>
    /// <param name="product">Of the catalogue, that the run was about.</param>
    public Replay(Recording recording, int product)
    {
        _tokens = new Tokens(product);
        _units = [.. recording.Units().Select(unit => new Unit(
        unit.IsTransaction, unit.IsCommitted,
        [.. unit.Batches.Select(batch => (IReadOnlyList<Statement>)[.. batch.Select(step => new Statement(step.Sql, [.. step.Values.Select(Value)], step.Outcome))])]))];
    }

    /// <summary>The statements, in order.</summary>
    public IEnumerable<string> Statements => _units.SelectMany(unit => unit.Batches).SelectMany(batch => batch).Select(statement => statement.Sql);

    public int Transactions => _units.Count(unit => unit.IsTransaction);

    /// <summary>Runs it once.</summary>
    /// <param name="source">Where.</param>
    /// <param name="product">About which product.</param>
    /// <param name="differences">Receives every statement that touched another number of rows than when it was recorded; null: not compared.</param>
    public async Task RunAsync(NpgsqlDataSource source, int product, ICollection<string>? differences = null)
    {
        var guise = new Guise(_tokens.Fresh(), product);
        foreach (var unit in _units)
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var transaction = unit.IsTransaction ? await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted) : null;
            foreach (var statements in unit.Batches) await RunAsync(connection, transaction, statements, guise, differences);
            if (transaction is null) continue;
            if (unit.IsCommitted) await transaction.CommitAsync();
            else await transaction.RollbackAsync();
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<Statement> statements, Guise guise, ICollection<string>? differences)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var statement in statements)
        {
            var command = new NpgsqlBatchCommand(statement.Sql);
            foreach (var (type, cut) in statement.Values)
                command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = cut(guise) ?? DBNull.Value });
            batch.BatchCommands.Add(command);
        }
        await using (var reader = await batch.ExecuteReaderAsync())
        {
            do
            {
                while (await reader.ReadAsync())
                    for (var column = 0; column < reader.FieldCount; column++) _ = reader.GetValue(column);
            }
            while (await reader.NextResultAsync());
        }
        if (differences is null) return;
        foreach (var (command, statement) in batch.BatchCommands.OfType<NpgsqlBatchCommand>().Zip(statements))
            if (statement.Outcome is { } outcome && ulong.TryParse(outcome.Split(' ')[^1], CultureInfo.InvariantCulture, out var rows) && rows != command.Rows)
                differences.Add($"{outcome} became {command.StatementType} {command.Rows}: {statement.Sql.ReplaceLineEndings(" ")}");
    }

    private (NpgsqlDbType Type, Func<Guise, object?> Cut) Value(RecordedValue recorded)
    {
        var (type, value) = WireValue.Read(recorded);
        return (type, _tokens.Cut(value));
    }

    private sealed record Unit(bool IsTransaction, bool IsCommitted, IReadOnlyList<IReadOnlyList<Statement>> Batches);

    private sealed record Statement(string Sql, IReadOnlyList<(NpgsqlDbType Type, Func<Guise, object?> Cut)> Values, string? Outcome);
}
