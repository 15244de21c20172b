namespace Commerce.Baskets;

/// <summary>
/// Who uses a basket. A guest's basket is used by whoever knows its id; an account's only by that account, so its id alone opens nothing.
/// While sessions cannot be read, whoever brings one is <see cref="Unrecognised"/>: knowing the id suffices then, as for a guest, so that buying goes on.
/// </summary>
public readonly record struct Shopper(Guid? AccountId)
{
    public static readonly Shopper Guest = default;
    public static readonly Shopper Unrecognised = new() { IsUnrecognised = true };

    public bool IsUnrecognised { get; private init; }

    /// <summary>Whether a basket of this customer, or of a guest, is theirs to see and change.</summary>
    public bool MayUse(Guid? customerId) => customerId is null || IsUnrecognised || customerId == AccountId;
}
