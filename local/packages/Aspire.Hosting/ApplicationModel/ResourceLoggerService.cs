using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A line of a resource's log.</summary>
/// <param name="LineNumber">Counted from 1.</param>
/// <param name="Content">The line, with its time in front.</param>
/// <param name="IsErrorMessage">Came from standard error.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>Keeps the latest lines of every resource's log and hands them out.</summary>
public class ResourceLoggerService : IDisposable
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Writes to a resource's log.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>A logger.</returns>
    public ILogger GetLogger(IResource resource) => Log(ResourceIds.Of(resource));

    /// <summary>Writes to a resource's log.</summary>
    /// <param name="resourceName">The resource's unique name in this run.</param>
    /// <returns>A logger.</returns>
    public ILogger GetLogger(string resourceName) => Log(resourceName);

    /// <summary>The lines kept so far, then every new one.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>Batches of lines.</returns>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => WatchAsync(ResourceIds.Of(resource));

    /// <summary>The lines kept so far, then every new one.</summary>
    /// <param name="resourceName">The resource's unique name in this run.</param>
    /// <returns>Batches of lines.</returns>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => Log(resourceName).Watch(follow: true);

    /// <summary>The lines kept so far.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>Batches of lines.</returns>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource) => GetAllAsync(ResourceIds.Of(resource));

    /// <summary>The lines kept so far.</summary>
    /// <param name="resourceName">The resource's unique name in this run.</param>
    /// <returns>Batches of lines.</returns>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName) => Log(resourceName).Watch(follow: false);

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var log in _logs.Values)
            log.Complete();

        GC.SuppressFinalize(this);
    }

    internal void Append(string resourceId, string line, bool isError) => Log(resourceId).Append(line, isError);

    internal IReadOnlyList<LogLine> Tail(string resourceId, int count) => Log(resourceId).Tail(count);

    private ResourceLog Log(string resourceId) => _logs.GetOrAdd(resourceId, _ => new ResourceLog());

    private sealed class ResourceLog : ILogger
    {
        private const int Kept = 10_000;
        private readonly Lock _gate = new();
        private readonly Queue<LogLine> _lines = new();
        private readonly List<ChannelWriter<LogLine>> _watchers = [];
        private int _count;

        public void Append(string content, bool isError)
        {
            lock (_gate)
            {
                var line = new LogLine(++_count, content, isError);
                _lines.Enqueue(line);
                if (_lines.Count > Kept)
                    _lines.Dequeue();

                foreach (var watcher in _watchers)
                    watcher.TryWrite(line);
            }
        }

        public IReadOnlyList<LogLine> Tail(int count)
        {
            lock (_gate)
                return [.. _lines.Skip(Math.Max(0, _lines.Count - count))];
        }

        public void Complete()
        {
            lock (_gate)
                _watchers.ForEach(watcher => watcher.TryComplete());
        }

        public async IAsyncEnumerable<IReadOnlyList<LogLine>> Watch(bool follow, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var channel = Channel.CreateUnbounded<LogLine>();
            LogLine[] kept;
            lock (_gate)
            {
                kept = [.. _lines];
                if (follow)
                    _watchers.Add(channel.Writer);
            }

            try
            {
                if (kept.Length > 0)
                    yield return kept;

                while (follow && await channel.Reader.WaitToReadAsync(cancellationToken))
                {
                    var batch = new List<LogLine>();
                    while (channel.Reader.TryRead(out var line))
                        batch.Add(line);

                    yield return batch;
                }
            }
            finally
            {
                lock (_gate)
                    _watchers.Remove(channel.Writer);
            }
        }

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception) + (exception is null ? "" : Environment.NewLine + exception);
            var time = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);
            foreach (var line in text.Split('\n'))
                Append($"{time} {line.TrimEnd('\r')}", logLevel >= LogLevel.Error);
        }
    }
}
