using System.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Commerce;

/// <summary>Several statements in one round trip, on the connection and in the transaction of a context. For the paths where every order counts.</summary>
internal static class Sql
{
    /// <summary>
    /// Before statements that find every row by its key, in their transaction. A prepared plan outlives the moment it was made in: made while a table was small
    /// it would scan it, and go on scanning while a sale fills it, until the next ANALYZE. So nothing here, the checks of foreign keys included, ever plans a
    /// scan; and since plans by key are right for any values, each is made once, where PostgreSQL would make one for every array anew.
    /// </summary>
    public const string ByKey = """
        SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
            set_config('plan_cache_mode', 'force_generic_plan', true)
        """;

    /// <summary>An empty batch; the context's transaction must be running, or its connection open.</summary>
    public static NpgsqlBatch Batch(this ShopDb db)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        if (connection.State != ConnectionState.Open) throw new InvalidOperationException("A batch belongs into a transaction.");
        return new NpgsqlBatch(connection);
    }

    /// <summary>Runs <paramref name="work"/> on an open connection outside of any transaction of the context; begun anew when PostgreSQL breaks off.</summary>
    public static Task<T> ConnectedAsync<T>(this ShopDb db, Func<Task<T>> work, CancellationToken cancellation) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await db.Database.OpenConnectionAsync(cancellation);
            try
            {
                return await work();
            }
            finally
            {
                await db.Database.CloseConnectionAsync();
            }
        });

    /// <summary>Adds a statement; its parameters <c>$1, $2, …</c> follow by <see cref="With"/>.</summary>
    public static NpgsqlBatchCommand Add(this NpgsqlBatch batch, string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        batch.BatchCommands.Add(command);
        return command;
    }

    /// <summary>Runs statements that answer nothing, in one round trip.</summary>
    public static async Task RunAsync(this ShopDb db, IEnumerable<NpgsqlBatchCommand> commands, CancellationToken cancellation)
    {
        await using var batch = db.Batch();
        foreach (var command in commands) batch.BatchCommands.Add(command);
        await batch.PrepareAsync(cancellation);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The next parameter of a statement.</summary>
    public static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    /// <summary>The rows of the current result.</summary>
    public static async Task<List<T>> ToListAsync<T>(this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation)) rows.Add(read(reader));
        return rows;
    }

    public static string? Text(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static T? Value<T>(this NpgsqlDataReader reader, int column) where T : struct => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);
}
