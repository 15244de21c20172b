namespace Commerce.Catalog.Caching;

/// <summary>
/// Tells apart what a node knows of the changes to one subject: another one after every transaction that is learnt of, whatever the order of the commits.
/// The newest transaction alone would not do, because an older one may commit after it. So all count that may still have been running when one of them noted its
/// change; what had ended by then is part of whatever was loaded since. Nodes that know the same lines agree, however they came to know them.
/// </summary>
internal sealed class Generation
{
    public static readonly Generation None = new(0, [], 0);

    /// <summary>Odd, so that no place of a transaction in the row is lost; a single transaction is its own number.</summary>
    private const ulong Mixer = 0x9E37_79B9_7F4A_7C15;

    private readonly ulong _ended;
    private readonly ulong[] _transactions;

    private Generation(ulong ended, ulong[] transactions, long learntAt)
    {
        (_ended, _transactions, LearntAt) = (ended, transactions, learntAt);
        Number = transactions.Aggregate(0UL, (number, transaction) => unchecked((number * Mixer) + transaction));
    }

    public ulong Number { get; }

    /// <summary>When the last change was learnt, as a timestamp of the clock.</summary>
    public long LearntAt { get; }

    /// <param name="transaction">That changed the subject, and has committed.</param>
    /// <param name="running">The oldest transaction that was running when it noted so.</param>
    /// <param name="at">Now, as a timestamp of the clock.</param>
    public Generation Learn(ulong transaction, ulong running, long at)
    {
        if (transaction < _ended || (running <= _ended && Array.BinarySearch(_transactions, transaction) >= 0)) return this;
        var ended = Math.Max(_ended, running);
        return new Generation(ended, [.. _transactions.Append(transaction).Where(t => t >= ended).Distinct().Order()], at);
    }
}
