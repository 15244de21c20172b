namespace Local.Stripe.State;

/// <summary>The view of one transaction: committed objects under its own puts.</summary>
public sealed class StoreTransaction
{
    private readonly Store _store;
    private readonly List<Action> _whenKept = [];

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

    /// <summary>Puts more once it is certain that the transaction is kept.</summary>
    public void WhenKept(Action put) => _whenKept.Add(put);

    internal void Finish()
    {
        foreach (var put in _whenKept)
            put();
    }

    public T Put<T>(T item) where T : Stored
    {
        var stored = item.Sequence == 0 ? item with { Sequence = _store.NextSequence() } : item;
        Puts[(typeof(T), item.Id)] = stored;
        return stored;
    }
}
