using System.Globalization;

namespace Local.Redis;

/// <summary>
/// Garnet's options. Its defaults are made for a server of its own (16 GB of memory, a 128 MB index); these for one machine that runs the whole shop.
/// What does not fit in memory moves to the disk, so nothing is ever evicted.
/// </summary>
internal static class GarnetArguments
{
    public static string[] For(RedisOptions options, string store)
    {
        List<string> arguments =
        [
            "--bind", "127.0.0.1",
            "--port", options.Port.ToString(CultureInfo.InvariantCulture),
            "--auth", "Password",
            "--password", options.Password,
            "--memory", "64m",
            "--page", "1m",
            "--index", "4m",
            "--buffer-pool-memory-budget", "16m",
            // The native device needs libaio, which many machines lack; without it the append-only file dies silently.
            "--device-type", "RandomAccess",
            "--lua", "true",
            "--lua-transaction-mode", "true",
            "--checkpointdir", store,
            "-q", "true",
        ];
        if (options.Durable)
        {
            arguments.AddRange(
            [
                "--storage-tier", "true",
                "--logdir", store,
                "--segment", "64m",
                "--object-log-segment", "64m",
                "--recover", "true",
                "--fail-on-recovery-error", "true",
                "--aof", "true",
                "--aof-commit-freq", "1000",
                "--aof-memory", "16m",
                "--aof-page-size", "8m",
                "--aof-segment-size", "64m",
                // Beyond this a checkpoint is taken and the file cut, which bounds both the disk space and the time of the next start.
                "--aof-size-limit", "64m",
            ]);
        }
        return [.. arguments];
    }
}
