using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Orchestration;

/// <summary>Copies the output of a process into the resource's log.</summary>
internal static class LogFollower
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);
    private const int Tries = 50;

    public static async Task FollowAsync(DcpClient client, ResourceLoggerService logs, string kind, string id, string source, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            try
            {
                var seen = false;
                await foreach (var line in client.LogAsync(kind, id, source, cancellationToken))
                {
                    seen = true;
                    logs.Append(id, line, isError: source != "stdout");
                }

                if (seen)
                    return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception) when (exception is DistributedApplicationException or HttpRequestException or IOException)
            {
                // The log does not exist before the process does.
            }

            if (cancellationToken.IsCancellationRequested)
                return;

            await Task.Delay(RetryPause, CancellationToken.None);
        }
    }

    /// <summary>The line without the orchestrator's time: <c>2026-11-22T22:30:36.587Z hi</c>.</summary>
    public static string WithoutTime(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && DateTime.TryParse(line.AsSpan(0, space), System.Globalization.CultureInfo.InvariantCulture, out _) ? line[(space + 1)..] : line;
    }
}
