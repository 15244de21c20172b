using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Local.Mail.Mailbox;

/// <summary>
/// The kept messages: one .eml file each, headed by what SMTP said (Return-Path, X-Envelope-To, Received). A message is in
/// the folder, whole, before its 250 is sent. The list in memory is rebuilt from the files at the start.
/// </summary>
public sealed class MessageStore
{
    private const string Extension = ".eml";
    private const string Unfinished = ".part";
    private const string EnvelopeTo = "X-Envelope-To";
    private const string TimeOfId = "yyyyMMdd-HHmmssfffffff";

    private readonly string _folder;
    private readonly int _keepAtMost;
    private readonly ILogger<MessageStore> _log;
    private readonly Lock _gate = new();
    private ImmutableSortedDictionary<string, MailSummary> _messages = ImmutableSortedDictionary<string, MailSummary>.Empty.WithComparers(StringComparer.Ordinal);

    public MessageStore(IOptions<MailOptions> options, ILogger<MessageStore> log)
    {
        _folder = options.Value.DataFolder;
        _keepAtMost = options.Value.KeepAtMost;
        _log = log;
        Directory.CreateDirectory(_folder);
        foreach (var left in Directory.EnumerateFiles(_folder, "*" + Unfinished))
            File.Delete(left);
        _messages = _messages.AddRange(Directory.EnumerateFiles(_folder, "*" + Extension).Select(Summarise).OfType<MailSummary>().Select(message => KeyValuePair.Create(message.Id, message)));
    }

    /// <summary>All messages, newest first.</summary>
    public IEnumerable<MailSummary> Newest() => _messages.Values.Reverse();

    public MailSummary? Find(string id) => _messages.GetValueOrDefault(id);

    /// <summary>Messages whose recipient, subject and sender contain what is given, whatever the case.</summary>
    public IEnumerable<MailSummary> Search(string? to = null, string? subject = null, string? from = null) => Newest().Where(message =>
        (string.IsNullOrEmpty(to) || message.To.Any(address => address.Contains(to, StringComparison.OrdinalIgnoreCase)))
        && (string.IsNullOrEmpty(subject) || message.Subject.Contains(subject, StringComparison.OrdinalIgnoreCase))
        && (string.IsNullOrEmpty(from) || message.From.Contains(from, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The file of a message, as it was received under the envelope's headers.</summary>
    public FileStream Open(MailSummary message) => new(FileOf(message.Id), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    public async Task<MimeMessage> LoadAsync(MailSummary message, CancellationToken cancellation)
    {
        await using var file = Open(message);
        return await MimeMessage.LoadAsync(file, cancellation);
    }

    public bool Delete(string id)
    {
        lock (_gate)
        {
            if (!_messages.ContainsKey(id))
                return false;
            _messages = _messages.Remove(id);
            File.Delete(FileOf(id));
            return true;
        }
    }

    public int Clear()
    {
        var ids = _messages.Keys.ToList();
        return ids.Count(Delete);
    }

    /// <summary>Begins to receive a message; nothing is kept until <see cref="Incoming.KeepAsync"/>.</summary>
    public Incoming Receive(Envelope envelope)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{envelope.ReceivedAt.UtcDateTime:yyyyMMdd-HHmmssfffffff}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");
        var incoming = new Incoming(this, id, Path.Combine(_folder, id + Unfinished));
        var heading = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"Return-Path: <{envelope.Sender}>\r\n")
            .Append(string.Concat(envelope.Recipients.Select(recipient => $"{EnvelopeTo}: {recipient}\r\n")))
            .Append(CultureInfo.InvariantCulture, $"Received: from {Clean(envelope.Client)} by mail.localhost with ESMTP id {id};\r\n\t{envelope.ReceivedAt.UtcDateTime:ddd, dd MMM yyyy HH:mm:ss} +0000\r\n");
        incoming.Content.Write(Encoding.UTF8.GetBytes(heading.ToString()));
        return incoming;
    }

    private MailSummary Keep(string id, string unfinished)
    {
        File.Move(unfinished, FileOf(id));
        var message = Summarise(FileOf(id))!;
        lock (_gate)
        {
            _messages = _messages.Add(id, message);
            foreach (var old in _messages.Keys.Take(_messages.Count - _keepAtMost))
                Delete(old);
        }
        return message;
    }

    private MailSummary? Summarise(string path)
    {
        var id = Path.GetFileNameWithoutExtension(path);
        if (!DateTimeOffset.TryParseExact(id.Split('-') is [var day, var instant, _] ? $"{day}-{instant}" : id, TimeOfId, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var receivedAt))
        {
            _log.LogWarning("{File} is not one of the emulator's messages and is left alone", path);
            return null;
        }
        using var file = File.OpenRead(path);
        var headers = HeadersOf(file);
        return new MailSummary(id, receivedAt, From(headers), [.. headers.Where(header => header.Field == EnvelopeTo).Select(header => header.Value)],
            headers[HeaderId.Subject] ?? "", file.Length, headers[HeaderId.MessageId], headers["traceparent"]?.Trim());
    }

    /// <summary>Garbage instead of a message still has the envelope's headers, which stand in front of it.</summary>
    private static HeaderList HeadersOf(FileStream file)
    {
        try
        {
            return new MimeParser(file, MimeFormat.Entity).ParseHeaders();
        }
        catch (FormatException)
        {
            return [];
        }
    }

    private static string From(HeaderList headers) => headers[HeaderId.From] is { Length: > 0 } from ? from : headers[HeaderId.ReturnPath] ?? "";

    private static string Clean(string client) => new([.. client.Where(c => c is > ' ' and < (char)127).Take(200)]);

    private string FileOf(string id) => Path.Combine(_folder, id + Extension);

    /// <summary>A message on its way in: a file that is deleted again unless it is kept.</summary>
    public sealed class Incoming(MessageStore store, string id, string path) : IAsyncDisposable
    {
        private bool _kept;

        public FileStream Content { get; } = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 64 * 1024, useAsync: true);

        public async Task<MailSummary> KeepAsync(CancellationToken cancellation)
        {
            await Content.FlushAsync(cancellation);
            await Content.DisposeAsync();
            var message = store.Keep(id, path);
            _kept = true;
            return message;
        }

        public async ValueTask DisposeAsync()
        {
            await Content.DisposeAsync();
            if (!_kept)
                File.Delete(path);
        }
    }
}
