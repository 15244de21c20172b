namespace Local.Stripe.State;

/// <summary>The objects of one kind, by id and in the order in which they were made.</summary>
internal sealed class Shelf
{
    private readonly Dictionary<string, Stored> _items = [];
    private readonly SortedList<long, string> _order = [];

    public int Count => _items.Count;

    public void Put(Stored item)
    {
        if (_items.TryGetValue(item.Id, out var before) && before.Sequence != item.Sequence)
            _order.Remove(before.Sequence);
        _order[item.Sequence] = item.Id;
        _items[item.Id] = item;
    }

    public Stored? Find(string id) => _items.GetValueOrDefault(id);

    public Stored Oldest() => _items[_order.Values[0]];

    public void Drop(string id)
    {
        _order.Remove(_items[id].Sequence);
        _items.Remove(id);
    }

    public IEnumerable<Stored> Newest()
    {
        for (var i = _order.Count - 1; i >= 0; i--)
            yield return _items[_order.Values[i]];
    }
}
