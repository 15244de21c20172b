using Bench.Load;
using Bench.Measuring;
using Bench.Servers;
using Npgsql;

namespace Bench.Yardsticks;

/// <summary>
/// The hot item as a plain shop sells it: every buyer has a connection of its own and takes the stock in the transaction of the order.
/// Tables of its own with the least an order needs, so nothing of our schema slows it down.
/// </summary>
internal sealed class PlainTransactions : IAsyncDisposable
{
    private const string Tables = """
        CREATE SCHEMA IF NOT EXISTS yardstick;
        CREATE TABLE yardstick.stock (id uuid PRIMARY KEY, available int NOT NULL CHECK (available >= 0));
        CREATE TABLE yardstick.orders (id uuid PRIMARY KEY, number text NOT NULL UNIQUE, email text NOT NULL, address jsonb NOT NULL, total_minor bigint NOT NULL, placed_at timestamptz NOT NULL);
        CREATE TABLE yardstick.order_lines (order_id uuid NOT NULL REFERENCES yardstick.orders, position int NOT NULL, variant_id uuid NOT NULL, title text NOT NULL, quantity int NOT NULL, unit_price_minor bigint NOT NULL, PRIMARY KEY (order_id, position));
        CREATE TABLE yardstick.outbox (id uuid PRIMARY KEY, kind text NOT NULL, arguments jsonb NOT NULL, run_after timestamptz NOT NULL, done_at timestamptz);
        CREATE INDEX ON yardstick.outbox (run_after) WHERE done_at IS NULL;
        """;

    private static readonly Guid Hot = Guid.CreateVersion7();

    private readonly NpgsqlConnection[] _buyers;

    private PlainTransactions(NpgsqlConnection[] buyers) => _buyers = buyers;

    /// <param name="server">How the buyers reach the shop's database.</param>
    public static async Task<PlainTransactions> OpenAsync(Shop shop, string server, int buyers)
    {
        if (!await shop.ReadAsync<bool>("SELECT to_regclass('yardstick.stock') IS NOT NULL"))
        {
            await shop.RunAsync(Tables);
            await shop.RunAsync($"INSERT INTO yardstick.stock VALUES ('{Hot}', 100000000)");
        }
        var connectionString = new NpgsqlConnectionStringBuilder(server) { Pooling = false, MaxAutoPrepare = 20, AutoPrepareMinUsages = 2 }.ConnectionString;
        var connections = Enumerable.Range(0, buyers).Select(_ => new NpgsqlConnection(connectionString)).ToArray();
        foreach (var connection in connections) await connection.OpenAsync();
        return new PlainTransactions(connections);
    }

    public Task<Work> RunAsync(TimeSpan window) => ClosedLoop.RunAsync(_buyers.Length, window, async buyer => await OrderAsync(_buyers[buyer]));

    private static async Task OrderAsync(NpgsqlConnection connection)
    {
        var (order, now) = (Guid.CreateVersion7(), DateTime.UtcNow);
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var take = new NpgsqlCommand("UPDATE yardstick.stock SET available = available - $1 WHERE id = $2 AND available >= $1", connection, transaction) { Parameters = { new() { Value = 1 }, new() { Value = Hot } } })
            if (await take.ExecuteNonQueryAsync() != 1) throw new InvalidOperationException("The yardstick is out of stock.");
        await using (var insert = new NpgsqlBatch(connection, transaction))
        {
            insert.BatchCommands.Add(new("INSERT INTO yardstick.orders VALUES ($1, $2, $3, $4::jsonb, $5, $6)")
            {
                Parameters =
                {
                    new() { Value = order }, new() { Value = order.ToString() }, new() { Value = "ann@example.com" },
                    new() { Value = """{"name":"Ann","line1":"Street 1","postalCode":"10115","city":"Berlin","countryCode":"DE"}""" }, new() { Value = 3890L }, new() { Value = now },
                },
            });
            insert.BatchCommands.Add(new("INSERT INTO yardstick.order_lines VALUES ($1, 1, $2, $3, 1, $4)")
            {
                Parameters = { new() { Value = order }, new() { Value = Hot }, new() { Value = "Tide" }, new() { Value = 3400L } },
            });
            insert.BatchCommands.Add(new("INSERT INTO yardstick.outbox VALUES ($1, $2, $3::jsonb, $4)")
            {
                Parameters = { new() { Value = Guid.CreateVersion7() }, new() { Value = "send-receipt" }, new() { Value = $$"""{"orderId":"{{order}}"}""" }, new() { Value = now } },
            });
            await insert.ExecuteNonQueryAsync();
        }
        await transaction.CommitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var buyer in _buyers) await buyer.DisposeAsync();
    }
}
