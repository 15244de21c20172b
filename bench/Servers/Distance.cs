using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Npgsql;

namespace Bench.Servers;

/// <summary>
/// PostgreSQL as it is from a server in another building: answers take a while longer. The bytes themselves do not: what is sent at once arrives at once.
/// </summary>
internal sealed class Distance : IAsyncDisposable
{
    private static readonly TimeSpan Longer = TimeSpan.FromMilliseconds(1);

    private readonly BlockingCollection<(long Since, byte[] Bytes, NetworkStream To)> _underWay = [];
    private readonly Relay _relay;
    private readonly Thread _road;

    public Distance(string connectionString)
    {
        var near = new NpgsqlConnectionStringBuilder(connectionString);
        _relay = new Relay(near.Port, () => (static (bytes, to, cancellation) => to.WriteAsync(bytes, cancellation), Delay));
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString) { Port = _relay.Port }.ConnectionString;
        _road = new Thread(Deliver) { IsBackground = true, Name = "distance" };
        _road.Start();
    }

    /// <summary>As the given one, from afar.</summary>
    public string ConnectionString { get; }

    /// <summary>Median of a hundred questions that cost the server nothing.</summary>
    public async Task<TimeSpan> RoundTripAsync()
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        var times = new List<double>();
        for (var i = 0; i < 100; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            await command.ExecuteScalarAsync();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        return TimeSpan.FromMilliseconds(Measuring.Turn.Quantile([.. times.Order()], 0.5));
    }

    // Reading goes on while what was read is under way: a long answer is late once, and not once per piece.
    private ValueTask Delay(ReadOnlyMemory<byte> bytes, NetworkStream to, CancellationToken cancellation)
    {
        _underWay.Add((Stopwatch.GetTimestamp(), bytes.ToArray(), to), cancellation);
        return ValueTask.CompletedTask;
    }

    // A thread of its own, because a thread sleeps for a millisecond where a timer of .NET takes two to four.
    private void Deliver()
    {
        foreach (var (since, bytes, to) in _underWay.GetConsumingEnumerable())
        {
            if (Stopwatch.GetElapsedTime(since) < Longer) Thread.Sleep(Longer);
            try
            {
                to.Write(bytes);
            }
            catch (Exception gone) when (gone is IOException or ObjectDisposedException)
            {
                // The connection has ended.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        _underWay.CompleteAdding();
        _road.Join();
        _underWay.Dispose();
    }
}
