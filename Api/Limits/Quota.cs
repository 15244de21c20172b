namespace Api.Limits;

/// <summary>How much one caller may ask: a bucket of <paramref name="Requests"/> that fills again evenly within <paramref name="Window"/>.</summary>
public sealed record Quota(string Name, int Requests, TimeSpan Window)
{
    /// <summary>A shopper, by address.</summary>
    public static readonly Quota Shopper = new("shopper", 1200, TimeSpan.FromMinutes(1));

    /// <summary>A machine, by API key.</summary>
    public static readonly Quota ApiKey = new("api-key", 3000, TimeSpan.FromMinutes(1));

    /// <summary>Passwords tried from one address; how often one account is tried is counted by the account itself.</summary>
    public static readonly Quota SignIn = new("sign-in", 30, TimeSpan.FromMinutes(1));

    /// <summary>How long one more takes to come back.</summary>
    public TimeSpan PerRequest => Window / Requests;
}
