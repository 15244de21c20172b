using System.Text.Json.Serialization;
using Commerce.Audit;
using Commerce.Jobs;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Commerce.Webhooks;

/// <summary>Closed list of what webhooks refuse.</summary>
public static class WebhookRefusals
{
    public const string EndpointNotFound = "webhooks.endpoint-not-found";
    public const string DeliveryNotFound = "webhooks.delivery-not-found";
    public const string UrlNotAllowed = "webhooks.url-not-allowed";
    public const string EndpointDisabled = "webhooks.endpoint-disabled";
    public const string CursorInvalid = "webhooks.cursor-invalid";
}

/// <summary>Section <c>Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>Private and loopback addresses, and plain HTTP: for one machine only, never where strangers name the URL.</summary>
    public bool AllowPrivateAddresses { get; init; }

    /// <summary>For a whole call.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where the back-off begins.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>An endpoint that has answered nothing well for so long, and at least <see cref="DisableAfterAttempts"/> times, is switched off.</summary>
    public TimeSpan DisableAfter { get; init; } = TimeSpan.FromHours(24);

    public int DisableAfterAttempts { get; init; } = 20;
}

/// <summary>An endpoint as staff see it; the secret is shown once, when it is made.</summary>
public sealed record WebhookEndpointView(
    Guid Id, string Url, IReadOnlyList<string> EventTypes, bool IsEnabled, string? DisabledReason, DateTimeOffset? FailingSince, DateTimeOffset CreatedAt)
{
    /// <summary>What staff edit: any two states of it that differ have another one.</summary>
    [JsonIgnore]
    public string Version => $"{IsEnabled} {string.Join(',', EventTypes)} {Url}";

    internal static WebhookEndpointView Of(WebhookEndpoint e) => new(e.Id, e.Url, e.EventTypes, e.IsEnabled, e.DisabledReason, e.FailingSince, e.CreatedAt);
}

/// <summary>The endpoint and its secret, in the only answer that has it.</summary>
public sealed record WebhookEndpointSecret(WebhookEndpointView Endpoint, string Secret);

/// <summary>A page of endpoints, oldest first.</summary>
public sealed record WebhookEndpointPage(IReadOnlyList<WebhookEndpointView> Items, string? NextCursor);

/// <summary>A delivery and its log, oldest attempt first.</summary>
public sealed record WebhookDeliveryView(Guid Id, string EventId, string EventType, string State, DateTimeOffset CreatedAt, IReadOnlyList<WebhookAttemptView> Attempts);

/// <summary>One call.</summary>
public sealed record WebhookAttemptView(DateTimeOffset At, int? Status, long TookMilliseconds, string Response);

/// <summary>A page of deliveries, newest first.</summary>
public sealed record WebhookDeliveryPage(IReadOnlyList<WebhookDeliveryView> Items, string? NextCursor);

/// <summary>What staff do with the endpoints of merchants' own systems.</summary>
public sealed class WebhookVerbs(ShopDb db, IOptions<WebhookOptions> options, TimeProvider clock)
{
    public static IServiceCollection Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<WebhookOptions>().Bind(configuration.GetSection("Webhooks"));
        return services.AddScoped<WebhookVerbs>();
    }

    public async Task<Outcome<WebhookEndpointSecret>> AddAsync(Actor actor, string? reason, string url, IReadOnlyList<string> eventTypes, CancellationToken cancellation)
    {
        if (Check(url) is { } refusal) return refusal;
        var endpoint = new WebhookEndpoint { Url = url, EventTypes = [.. eventTypes.Distinct()], CreatedAt = clock.GetUtcNow() };
        db.Add(endpoint);
        db.Audit(actor, "webhooks.endpoint-added", $"webhook-endpoint:{endpoint.Id}", reason, new { url, eventTypes });
        await db.SaveChangesAsync(cancellation);
        return new WebhookEndpointSecret(WebhookEndpointView.Of(endpoint), endpoint.Secret);
    }

    public async Task<Outcome<WebhookEndpointView>> FindAsync(Guid id, CancellationToken cancellation) =>
        await db.Set<WebhookEndpoint>().AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, cancellation) is { } endpoint ? WebhookEndpointView.Of(endpoint) : Unknown();

    /// <summary>The endpoint, which only this transaction changes; null when there is none.</summary>
    public static async Task<WebhookEndpoint?> LockAsync(ShopDb db, Guid id, CancellationToken cancellation) =>
        (await db.Set<WebhookEndpoint>().FromSql($"SELECT * FROM webhook_endpoints WHERE id = {id} FOR NO KEY UPDATE").ToListAsync(cancellation)).SingleOrDefault();

    /// <summary>Enabling forgets earlier failures, and sends what was held.</summary>
    /// <param name="seen">What the actor was looking at.</param>
    /// <exception cref="DbUpdateConcurrencyException">It is something else by now.</exception>
    public async Task<Outcome<WebhookEndpointView>> ChangeAsync(
        Actor actor, string? reason, WebhookEndpointView seen, string url, IReadOnlyList<string> eventTypes, bool isEnabled, CancellationToken cancellation)
    {
        if (Check(url) is { } refusal) return refusal;
        return await db.Database.CreateExecutionStrategy().ExecuteAsync<Outcome<WebhookEndpointView>>(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            // Stronger than LockAsync: an event that is just being held for it has to be seen here, or to see that it is on.
            await db.Database.ExecuteSqlAsync($"SELECT 1 FROM webhook_endpoints WHERE id = {seen.Id} FOR UPDATE", cancellation);
            if (await db.Set<WebhookEndpoint>().FindAsync([seen.Id], cancellation) is not { } endpoint) return Unknown();
            if (WebhookEndpointView.Of(endpoint).Version != seen.Version) throw new DbUpdateConcurrencyException("The endpoint was changed meanwhile.");
            var isSwitchedOn = isEnabled && !endpoint.IsEnabled;
            Change(endpoint, actor, reason, url, eventTypes, isEnabled);
            await db.SaveChangesAsync(cancellation);
            if (isSwitchedOn) await SendHeldAsync(endpoint.Id, cancellation);
            await transaction.CommitAsync(cancellation);
            return WebhookEndpointView.Of(endpoint);
        });
    }

    private void Change(WebhookEndpoint endpoint, Actor actor, string? reason, string url, IReadOnlyList<string> eventTypes, bool isEnabled)
    {
        (endpoint.Url, endpoint.EventTypes) = (url, [.. eventTypes.Distinct()]);
        if (isEnabled && !endpoint.IsEnabled) endpoint.Enable();
        if (!isEnabled && endpoint.IsEnabled) endpoint.Disable($"By {actor.Name}.");
        db.Audit(actor, "webhooks.endpoint-changed", $"webhook-endpoint:{endpoint.Id}", reason, new { url, eventTypes, isEnabled });
    }

    /// <summary>As bulk, which its kind is: a month of events must not stand in front of what happens now.</summary>
    private async Task SendHeldAsync(Guid endpointId, CancellationToken cancellation)
    {
        var kind = JobKinds.All[JobKinds.DeliverWebhook];
        await db.Database.ExecuteSqlAsync($"""
            WITH due AS (UPDATE webhook_deliveries SET state = 'Pending', job_id = uuidv7() WHERE endpoint_id = {endpointId} AND state = 'Held' RETURNING id, job_id)
            INSERT INTO outbox (id, kind, version, arguments, priority, batch_key, state, attempt, failures)
            SELECT job_id, {kind.Name}, {kind.Version}, jsonb_build_object('deliveryId', id), {(short)kind.Priority}, {endpointId.ToString()}, 'pending', 0, 0 FROM due
            """, cancellation);
        SignalAfterCommit.Expect(db);
    }

    /// <summary>The old secret signs beside the new one for a day.</summary>
    public async Task<Outcome<WebhookEndpointSecret>> RotateAsync(Actor actor, string? reason, Guid id, CancellationToken cancellation)
    {
        if (await db.Set<WebhookEndpoint>().FindAsync([id], cancellation) is not { } endpoint) return Unknown();
        endpoint.Rotate(clock.GetUtcNow());
        db.Audit(actor, "webhooks.secret-rotated", $"webhook-endpoint:{id}", reason);
        await db.SaveChangesAsync(cancellation);
        return new WebhookEndpointSecret(WebhookEndpointView.Of(endpoint), endpoint.Secret);
    }

    /// <summary>With its deliveries and their log.</summary>
    public async Task<Refusal?> RemoveAsync(Actor actor, string? reason, Guid id, CancellationToken cancellation)
    {
        if (await db.Set<WebhookEndpoint>().FindAsync([id], cancellation) is not { } endpoint) return Unknown();
        db.Remove(endpoint);
        db.Audit(actor, "webhooks.endpoint-removed", $"webhook-endpoint:{id}", reason, new { endpoint.Url });
        await db.SaveChangesAsync(cancellation);
        return null;
    }

    /// <summary>Once more, whatever came of it so far: the same event id and the same bytes. What is on its way already is only hastened.</summary>
    public Task<Refusal?> RedeliverAsync(Actor actor, string? reason, Guid deliveryId, CancellationToken cancellation) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync<Refusal?>(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            await db.Database.ExecuteSqlAsync($"SELECT 1 FROM webhook_deliveries WHERE id = {deliveryId} FOR NO KEY UPDATE", cancellation);
            var delivery = await db.Set<WebhookDelivery>().Include(d => d.Endpoint).FirstOrDefaultAsync(d => d.Id == deliveryId, cancellation);
            if (delivery is null) return new Refusal(WebhookRefusals.DeliveryNotFound, "There is no such delivery.");
            if (!delivery.Endpoint!.IsEnabled) return new Refusal(WebhookRefusals.EndpointDisabled, "Switch the endpoint on first.");
            if (delivery.State != WebhookDeliveryState.Pending || !await HastenAsync(delivery.JobId!.Value, cancellation))
                delivery.Send(db.Enqueue(delivery.Job()));
            db.Audit(actor, "webhooks.redelivered", $"webhook-delivery:{deliveryId}", reason);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return null;
        });

    /// <returns>False when the job will not run any more: a dead letter, discarded, or long gone.</returns>
    private async Task<bool> HastenAsync(Guid jobId, CancellationToken cancellation)
    {
        SignalAfterCommit.Expect(db);
        await db.Database.ExecuteSqlAsync($"UPDATE outbox SET run_after = now() WHERE id = {jobId} AND state = 'pending' AND run_after > now()", cancellation);
        return await db.Set<OutboxRow>().AnyAsync(r => r.Id == jobId && (r.State == JobState.Pending || r.State == JobState.Dispatched || r.State == JobState.Running), cancellation);
    }

    public async Task<Outcome<WebhookEndpointPage>> ListAsync(int limit, string? cursor, CancellationToken cancellation)
    {
        var endpoints = db.Set<WebhookEndpoint>().AsNoTracking();
        if (cursor is not null)
        {
            if (IdCursor.Read(cursor) is not { } after) return BadCursor();
            endpoints = endpoints.Where(e => e.Id > after);
        }
        var rows = await endpoints.OrderBy(e => e.Id).Take(limit + 1).ToListAsync(cancellation);
        return new WebhookEndpointPage([.. rows.Take(limit).Select(WebhookEndpointView.Of)], rows.Count > limit ? IdCursor.Write(rows[limit - 1].Id) : null);
    }

    public async Task<Outcome<WebhookDeliveryPage>> ListDeliveriesAsync(Guid endpointId, int limit, string? cursor, CancellationToken cancellation)
    {
        if (!await db.Set<WebhookEndpoint>().AnyAsync(e => e.Id == endpointId, cancellation)) return Unknown();
        var deliveries = db.Set<WebhookDelivery>().AsNoTracking().Where(d => d.EndpointId == endpointId);
        if (cursor is not null)
        {
            if (IdCursor.Read(cursor) is not { } before) return BadCursor();
            deliveries = deliveries.Where(d => d.Id < before);
        }
        var rows = await deliveries.AsSplitQuery().Include(d => d.Event).Include(d => d.Attempts).OrderByDescending(d => d.Id).Take(limit + 1).ToListAsync(cancellation);
        return new WebhookDeliveryPage([.. rows.Take(limit).Select(View)], rows.Count > limit ? IdCursor.Write(rows[limit - 1].Id) : null);
    }

    private static WebhookDeliveryView View(WebhookDelivery d) => new(d.Id, d.Event!.WireId, d.Event.Type, d.State.ToString().ToLowerInvariant(), d.Event.CreatedAt,
        [.. d.Attempts.OrderBy(a => a.Id).Select(a => new WebhookAttemptView(a.At, a.Status, (long)a.Took.TotalMilliseconds, a.Response))]);

    private Refusal? Check(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.UserInfo == "" && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && options.Value.AllowPrivateAddresses))
            ? null
            : new Refusal(WebhookRefusals.UrlNotAllowed, "An endpoint is an HTTPS address without a user.");

    private static Refusal Unknown() => new(WebhookRefusals.EndpointNotFound, "There is no such endpoint.");

    private static Refusal BadCursor() => new(WebhookRefusals.CursorInvalid, "The cursor is not one this list has given out.");
}
