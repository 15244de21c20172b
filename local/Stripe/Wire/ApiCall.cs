using System.Text.Json.Nodes;
using Local.Stripe.State;

namespace Local.Stripe.Wire;

/// <summary>One call of the API inside its transaction.</summary>
public sealed record ApiCall(Params Params, Work Work, HttpRequest Request)
{
    /// <summary>The id in the address.</summary>
    public string Id => (string)Request.RouteValues["id"]!;

    public DateTimeOffset Now => Work.Now;
}

/// <summary>An endpoint: reads parameters, changes the state, returns the object.</summary>
public delegate JsonNode ApiEndpoint(ApiCall call);
