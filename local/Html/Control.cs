namespace Local.Web;

/// <summary>Makes endpoints of controls: what they are told is read strictly, and refused (<see cref="Refusal"/>) before anything is done.</summary>
internal static class Control
{
    /// <summary>A control that is told by a JSON object in its body.</summary>
    public static Func<HttpContext, Task<IResult>> Body<T>(Func<T, IResult> act) where T : class =>
        async context => Answer(await Asked<T>.BodyAsync(context.Request), act);

    /// <summary>A control that is told by its query.</summary>
    public static Func<HttpContext, Task<IResult>> Query<T>(Func<T, IResult> act) where T : class =>
        async context => Answer(await Asked<T>.QueryAsync(context.Request), act);

    /// <summary>A control that is told by its query, about what the address names (<c>{id}</c>).</summary>
    public static Func<HttpContext, Task<IResult>> Query<T>(Func<string, T, IResult> act) where T : class =>
        async context => Answer(await Asked<T>.QueryAsync(context.Request), asked => act((string)context.Request.RouteValues["id"]!, asked));

    /// <summary>A button of a page.</summary>
    public static Func<HttpContext, Task<IResult>> Form<T>(Func<T, IResult> act) where T : class =>
        async context => Answer(await Asked<T>.FormAsync(context.Request), act);

    /// <summary>A control that is told nothing.</summary>
    public static Func<HttpContext, Task<IResult>> Plain(Func<IResult> act) => Query<Nothing>(_ => act());

    /// <summary>A control that is told nothing but what the address names (<c>{id}</c>).</summary>
    public static Func<HttpContext, Task<IResult>> Plain(Func<string, IResult> act) => Query<Nothing>((id, _) => act(id));

    /// <summary>Whatever else is asked for below an address: 404, with what there is.</summary>
    public static void MapRest(IEndpointRouteBuilder app, string below) => app.Map(below + "/{**rest}", (HttpContext context, EndpointDataSource endpoints) => Refusal.Of(
        StatusCodes.Status404NotFound, $"There is no {context.Request.Method} {context.Request.Path}.",
        endpoints.Endpoints.OfType<RouteEndpoint>().Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith(below, StringComparison.Ordinal))
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(method => $"{method} {endpoint.RoutePattern.RawText}"))
            .Distinct().Order(StringComparer.Ordinal)));

    private static IResult Answer<T>(Asked<T> asked, Func<T, IResult> act) where T : class => asked.Refusal ?? act(asked.Value!);

    private sealed record Nothing;
}
