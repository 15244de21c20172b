using Local.Stripe.Webhooks;

namespace Local.Stripe.State;

/// <summary>
/// Everything the emulator knows, in memory, with a log on disk. Transactions run one after another; each is one
/// line of the log, so a killed process leaves either all of it or nothing.
/// </summary>
public sealed class Store : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(Type, string), Stored> _objects = [];
    private readonly Dictionary<Type, List<string>> _order = [];
    private readonly Dictionary<string, DeliveryRecord> _pending = [];
    private readonly Dictionary<string, List<string>> _deliveries = [];
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

    /// <summary>All objects of a kind, newest first, as they are now.</summary>
    public IReadOnlyList<T> Newest<T>() where T : Stored
    {
        lock (_gate)
            return [.. NewestCommitted<T>()];
    }

    /// <summary>Deliveries that wait to be posted.</summary>
    public IReadOnlyList<DeliveryRecord> Pending()
    {
        lock (_gate)
            return [.. _pending.Values];
    }

    /// <summary>Forgets everything, on disk too.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _log.Rewrite([]);
            _objects.Clear();
            _order.Clear();
            _pending.Clear();
            _deliveries.Clear();
        }
        Changed?.Invoke();
    }

    public void Dispose() => _log.Dispose();

    internal long NextSequence() => ++_sequence;

    internal T? FindCommitted<T>(string id) where T : Stored => _objects.GetValueOrDefault((typeof(T), id)) as T;

    internal IEnumerable<T> NewestCommitted<T>() where T : Stored
    {
        if (!_order.TryGetValue(typeof(T), out var ids))
            yield break;
        for (var i = ids.Count - 1; i >= 0; i--)
        {
            if (_objects.TryGetValue((typeof(T), ids[i]), out var item))
                yield return (T)item;
        }
    }

    internal IEnumerable<DeliveryRecord> DeliveriesOf(string eventId) =>
        _deliveries.GetValueOrDefault(eventId, []).Select(id => FindCommitted<DeliveryRecord>(id)!);

    private void Apply(Stored item)
    {
        var key = (item.GetType(), item.Id);
        if (!_objects.ContainsKey(key))
        {
            if (!_order.TryGetValue(item.GetType(), out var ids))
                _order[item.GetType()] = ids = [];
            ids.Add(item.Id);
            if (item is DeliveryRecord added)
            {
                if (!_deliveries.TryGetValue(added.EventId, out var siblings))
                    _deliveries[added.EventId] = siblings = [];
                siblings.Add(added.Id);
            }
        }
        _objects[key] = item;
        if (item is DeliveryRecord { State: DeliveryState.Pending } waiting)
            _pending[item.Id] = waiting;
        else if (item is DeliveryRecord)
            _pending.Remove(item.Id);
        _sequence = Math.Max(_sequence, item.Sequence);
    }
}

/// <summary>The view of one transaction: committed objects under its own puts.</summary>
public sealed class StoreTransaction
{
    private readonly Store _store;

    internal StoreTransaction(Store store) => _store = store;

    internal Dictionary<(Type, string), Stored> Puts { get; } = [];

    public T? Find<T>(string? id) where T : Stored =>
        id is null ? null : Puts.GetValueOrDefault((typeof(T), id)) as T ?? _store.FindCommitted<T>(id);

    public T Get<T>(string? id) where T : Stored =>
        Find<T>(id) ?? throw new InvalidOperationException($"The state has no {typeof(T).Name} '{id}'.");

    /// <summary>All objects of a kind, newest first, own puts included.</summary>
    public IEnumerable<T> Newest<T>() where T : Stored =>
        Puts.Values.OfType<T>().Where(item => _store.FindCommitted<T>(item.Id) is null).OrderByDescending(item => item.Sequence)
            .Concat(_store.NewestCommitted<T>().Select(item => Find<T>(item.Id)!));

    /// <summary>The deliveries of an event.</summary>
    public IEnumerable<DeliveryRecord> Deliveries(string eventId) => _store.DeliveriesOf(eventId);

    public T Put<T>(T item) where T : Stored
    {
        var stored = item.Sequence == 0 ? item with { Sequence = _store.NextSequence() } : item;
        Puts[(typeof(T), item.Id)] = stored;
        return stored;
    }
}
