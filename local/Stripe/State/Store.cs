using Local.Stripe.Payments;
using Local.Stripe.Webhooks;

namespace Local.Stripe.State;

/// <summary>
/// Everything the emulator knows, in memory, with a log on disk. Transactions run one after another; each is one
/// line of the log, so a killed process leaves either all of it or nothing.
/// </summary>
public sealed class Store : IDisposable
{
    private const int KeepEvents = 20_000;
    private const int KeepAnswers = 50_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<Type, Shelf> _shelves = [];
    private readonly Dictionary<string, List<string>> _deliveries = [];
    private readonly Dictionary<string, DeliveryRecord> _pending = [];
    private readonly Dictionary<string, SessionRecord> _open = [];
    private readonly Dictionary<string, IntentRecord> _authorised = [];
    private readonly StateLog _log;
    private long _sequence;

    public Store(StateLog log)
    {
        _log = log;
        foreach (var change in log.Open())
            Apply(change);
    }

    /// <summary>Raised after a transaction that changed something, outside the lock.</summary>
    public event Action? Changed;

    /// <summary>Runs <paramref name="work"/> alone; what it put is kept if it returns and forgotten if it throws.</summary>
    public T Run<T>(Func<StoreTransaction, T> work)
    {
        T result;
        bool changed;
        lock (_gate)
        {
            var transaction = new StoreTransaction(this);
            result = work(transaction);
            transaction.Finish();
            changed = transaction.Puts.Count > 0;
            if (changed)
            {
                _log.Append([.. transaction.Puts.Values]);
                foreach (var item in transaction.Puts.Values)
                    Apply(item);
            }
        }
        if (changed)
            Changed?.Invoke();
        return result;
    }

    /// <summary>Deliveries that wait to be posted.</summary>
    public IReadOnlyList<DeliveryRecord> Pending()
    {
        lock (_gate)
            return [.. _pending.Values];
    }

    /// <summary>Sessions that can still be paid.</summary>
    public IReadOnlyList<SessionRecord> OpenSessions()
    {
        lock (_gate)
            return [.. _open.Values];
    }

    /// <summary>Intents that wait to be captured.</summary>
    public IReadOnlyList<IntentRecord> AuthorisedIntents()
    {
        lock (_gate)
            return [.. _authorised.Values];
    }

    /// <summary>Forgets everything, on disk too.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _log.Rewrite([]);
            _shelves.Clear();
            _deliveries.Clear();
            _pending.Clear();
            _open.Clear();
            _authorised.Clear();
        }
        Changed?.Invoke();
    }

    public void Dispose() => _log.Dispose();

    internal long NextSequence() => ++_sequence;

    internal T? FindCommitted<T>(string id) where T : Stored => _shelves.GetValueOrDefault(typeof(T))?.Find(id) as T;

    internal IEnumerable<T> NewestCommitted<T>() where T : Stored => _shelves.GetValueOrDefault(typeof(T))?.Newest().Cast<T>() ?? [];

    internal IEnumerable<DeliveryRecord> DeliveriesOf(string eventId) =>
        _deliveries.GetValueOrDefault(eventId, []).Select(id => FindCommitted<DeliveryRecord>(id)!);

    private void Apply(Stored item)
    {
        var shelf = ShelfOf(item.GetType());
        shelf.Put(item);
        _sequence = Math.Max(_sequence, item.Sequence);
        switch (item)
        {
            case DeliveryRecord delivery:
                Index(_pending, delivery, delivery.State == DeliveryState.Pending);
                if (!_deliveries.TryGetValue(delivery.EventId, out var siblings))
                    _deliveries[delivery.EventId] = siblings = [];
                if (!siblings.Contains(delivery.Id))
                    siblings.Add(delivery.Id);
                break;
            case SessionRecord session:
                Index(_open, session, session.Status == Sessions.Open);
                break;
            case IntentRecord intent:
                Index(_authorised, intent, intent.Status == IntentStatus.RequiresCapture);
                break;
            case EventRecord when shelf.Count > KeepEvents:
                ForgetOldestEvent(shelf);
                break;
            case AnswerRecord when shelf.Count > KeepAnswers:
                shelf.Drop(shelf.Oldest().Id);
                break;
        }
    }

    /// <summary>Old events go, as they do at Stripe after 30 days, but never one that waits to be delivered.</summary>
    private void ForgetOldestEvent(Shelf events)
    {
        var oldest = events.Oldest().Id;
        if (DeliveriesOf(oldest).Any(delivery => delivery.State is DeliveryState.Pending or DeliveryState.Held))
            return;
        foreach (var id in _deliveries.GetValueOrDefault(oldest, []))
            ShelfOf(typeof(DeliveryRecord)).Drop(id);
        _deliveries.Remove(oldest);
        events.Drop(oldest);
    }

    private Shelf ShelfOf(Type type) => _shelves.TryGetValue(type, out var shelf) ? shelf : _shelves[type] = new Shelf();

    private static void Index<T>(Dictionary<string, T> index, T item, bool belongs) where T : Stored
    {
        if (belongs)
            index[item.Id] = item;
        else
            index.Remove(item.Id);
    }
}
