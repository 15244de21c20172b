using System.Globalization;

namespace Local.Postgres;

/// <summary>
/// The server's settings, passed on its command line, so that a newer launcher brings newer settings to an old data folder.
/// Sized for one machine that runs the whole shop: a page of shared_buffers costs memory only once it is used.
/// </summary>
internal static class ServerSettings
{
    public static IEnumerable<string> For(PostgresOptions options)
    {
        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = options.Port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = "",
            ["max_connections"] = options.MaxConnections.ToString(CultureInfo.InvariantCulture),
            ["shared_buffers"] = "128MB",
            ["huge_pages"] = "off",
            ["effective_cache_size"] = "512MB",
            ["work_mem"] = "8MB",
            ["maintenance_work_mem"] = "64MB",
            ["max_wal_size"] = "512MB",
            ["random_page_cost"] = "1.1",
            // Saves the three I/O worker processes; the data of a dev machine sits in the page cache anyway.
            ["io_method"] = "sync",
            ["jit"] = "off",
            ["max_logical_replication_workers"] = "0",
            ["password_encryption"] = "scram-sha-256",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["logging_collector"] = "off",
            ["log_destination"] = "stderr",
            ["log_line_prefix"] = "%m [%p] ",
            ["log_checkpoints"] = "off",
            ["fsync"] = OnOff(options.Durable),
            ["synchronous_commit"] = OnOff(options.Durable),
            ["full_page_writes"] = OnOff(options.Durable),
        };
        return settings.SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" });
    }

    private static string OnOff(bool value) => value ? "on" : "off";
}
