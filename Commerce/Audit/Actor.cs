namespace Commerce.Audit;

/// <summary>What kind of somebody acts.</summary>
public enum ActorKind
{
    Shopper,
    Staff,

    /// <summary>A machine that showed an API key.</summary>
    ApiKey,

    /// <summary>The shop itself: a job, a webhook; and whoever runs its command line.</summary>
    System,
}

/// <summary>Who does something.</summary>
/// <param name="Id">Of the account or API key; null for a guest and for the system.</param>
/// <param name="Name">For people to read: a mail address, the name of a key, the name of a job.</param>
public sealed record Actor(ActorKind Kind, string? Id, string Name)
{
    /// <summary>A shopper without an account.</summary>
    public static readonly Actor Guest = new(ActorKind.Shopper, null, "guest");

    /// <summary>The shop itself, by the name of what acts, such as <c>expire-reservation</c>.</summary>
    public static Actor System(string name) => new(ActorKind.System, null, name);

    /// <summary>Whoever runs a command on a machine of the shop, by the operating system's name: <c>cli:alice</c>.</summary>
    public static Actor CommandLine(string user) => System($"cli:{user}".CutTo(AuditEntry.MaxActorName));
}
