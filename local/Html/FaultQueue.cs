namespace Local.Web;

/// <summary>A fault that hits so many calls and is used up then.</summary>
public interface IFault<out TSelf>
{
    int Left { get; }

    TSelf WithOneLess();
}

/// <summary>The faults that wait for a call; kept in memory only, so a restart is healthy.</summary>
public abstract class FaultQueue<TFault> where TFault : class, IFault<TFault>
{
    private readonly Lock _gate = new();
    private readonly List<TFault> _waiting = [];

    public IReadOnlyList<TFault> Waiting
    {
        get
        {
            lock (_gate)
                return [.. _waiting];
        }
    }

    public void Add(TFault fault)
    {
        lock (_gate)
            _waiting.Add(fault);
    }

    public void Clear()
    {
        lock (_gate)
            _waiting.Clear();
    }

    /// <summary>The first fault that fits, used up by one.</summary>
    protected TFault? TakeFirst(Predicate<TFault> fits)
    {
        lock (_gate)
        {
            var index = _waiting.FindIndex(fits);
            if (index < 0)
                return null;
            var fault = _waiting[index];
            if (fault.Left > 1)
                _waiting[index] = fault.WithOneLess();
            else
                _waiting.RemoveAt(index);
            return fault;
        }
    }
}
