using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Api;

/// <summary>A misspelt parameter of a query must not mean "everything": those that an operation does not document are refused, as unknown members of a body are.</summary>
internal sealed class KnownQueries(IApiDescriptionGroupCollectionProvider descriptions)
{
    private readonly Lazy<Dictionary<string, string[]>> _names = new(() => descriptions.ApiDescriptionGroups.Items.SelectMany(group => group.Items)
        .Select(operation => (Name: operation.ActionDescriptor.EndpointMetadata.OfType<IEndpointNameMetadata>().LastOrDefault()?.EndpointName, Operation: operation))
        .Where(o => o.Name is not null).DistinctBy(o => o.Name)
        .ToDictionary(o => o.Name!, o => o.Operation.ParameterDescriptions.Where(p => p.Source == BindingSource.Query).Select(p => p.Name).ToArray()));

    /// <summary>What is not documented of the query, each with the words for it. What the document leaves out, such as a page for people, takes any.</summary>
    private Dictionary<string, string[]> Unknown(HttpContext context)
    {
        var wrong = new Dictionary<string, string[]>();
        if (context.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>() is not { } endpoint || !_names.Value.TryGetValue(endpoint.EndpointName, out var known)) return wrong;
        foreach (var name in context.Request.Query.Keys.Where(key => !known.Contains(key, StringComparer.OrdinalIgnoreCase)))
            wrong[name] = [known.Length == 0 ? "There is no such parameter: this address takes none." : $"There is no such parameter: this address takes {string.Join(", ", known)}."];
        return wrong;
    }

    public static async ValueTask<object?> RefuseAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var context = call.HttpContext;
        if (context.Request.Query.Count == 0) return await next(call);
        var wrong = context.RequestServices.GetRequiredService<KnownQueries>().Unknown(context);
        return wrong.Count == 0 ? await next(call) : TypedResults.Problem(new HttpValidationProblemDetails(wrong) { Status = StatusCodes.Status400BadRequest });
    }
}
