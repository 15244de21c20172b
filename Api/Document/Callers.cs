using System.Text.Json.Nodes;
using Api.Accounts;
using Api.Staff;
using Commerce.Audit;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Api.Document;

/// <summary>The document says who may call what: a browser with a session, a machine with a key and a scope, anybody.</summary>
internal static class Callers
{
    private const int MaxETagLength = 100;

    public static OpenApiOptions DescribeCallers(this OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Sessions.Scheme] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.ApiKey,
                    In = ParameterLocation.Cookie,
                    Name = Sessions.Cookie,
                    Description = "Set by signing in. Requests that change something must come from the shop's own pages.",
                },
                [ApiKeys.SchemeName] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "An API key with the scope the operation names.",
                },
            };
            return Task.CompletedTask;
        });
        return options.AddOperationTransformer((operation, context, _) =>
        {
            var policies = context.Description.ActionDescriptor.EndpointMetadata.OfType<AuthorizationPolicy>().ToList();
            if (policies.Count == 0) return Task.CompletedTask;
            operation.Security = [Needs(Sessions.Scheme, context.Document!)];
            var staff = policies.SelectMany(p => p.Requirements).OfType<StaffRequirement>().FirstOrDefault();
            if (staff?.Area is null) return Task.CompletedTask;
            operation.Security.Add(Needs(ApiKeys.SchemeName, context.Document!));
            operation.Description = $"API keys need the scope `{staff.ScopeFor(context.Description.HttpMethod ?? "GET")}`.";
            return Task.CompletedTask;
        });
    }

    /// <summary>Headers that are read beside the handler's own parameters.</summary>
    public static OpenApiOptions DescribeHeaders(this OpenApiOptions options) => options.AddOperationTransformer((operation, context, _) =>
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.Contains(TakesReason.Instance)) (operation.Parameters ??= []).Add(Header(StaffCall.ReasonHeader, "Why, for the audit trail; percent-encoded UTF-8.", AuditEntry.MaxReasonLength, isRequired: true));
        if (metadata.Contains(TakesIfMatch.Instance)) (operation.Parameters ??= []).Add(Header("If-Match", "The ETag that was read.", MaxETagLength));
        return Task.CompletedTask;
    });

    /// <summary>What may stand in a list that takes only known words.</summary>
    public static OpenApiOptions DescribeKnownWords(this OpenApiOptions options) => options.AddSchemaTransformer((schema, context, _) =>
    {
        if (schema.Pattern is { } pattern) Anchor(schema, pattern);
        if (schema.Items is not OpenApiSchema items) return Task.CompletedTask;
        var rules = context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(inherit: false) ?? [];
        if (rules.OfType<IKnownWords>().FirstOrDefault() is { } words) items.Enum = [.. words.Words.Select(word => JsonValue.Create(word))];
        if (rules.OfType<IKnownPattern>().FirstOrDefault() is { } known) (items.Pattern, items.Examples) = (known.Pattern, [JsonValue.Create(known.Example)]);
        if (rules.OfType<EachStringLengthAttribute>().FirstOrDefault() is { } length) (items.MinLength, items.MaxLength) = (1, length.MaximumLength);
        return Task.CompletedTask;
    });

    /// <summary>Of texts that are addresses of the web, the format.</summary>
    public static OpenApiOptions DescribeWebAddresses(this OpenApiOptions options) => options.AddSchemaTransformer((schema, context, _) =>
    {
        if (context.JsonPropertyInfo?.AttributeProvider?.IsDefined(typeof(WebAddressAttribute), inherit: false) == true) schema.Format = "uri";
        return Task.CompletedTask;
    });

    /// <summary>The words of "staff|admin"; null when the pattern is more than a list of words.</summary>
    public static string[]? Alternatives(string pattern) => pattern.Contains('|') && pattern.All(c => char.IsLetterOrDigit(c) || c is '|' or '-') ? pattern.Split('|') : null;

    /// <summary>Validation means the whole text where a schema's pattern may match any part of it; a list of words is an enum.</summary>
    private static void Anchor(OpenApiSchema schema, string pattern)
    {
        if (Alternatives(pattern) is { } words) (schema.Pattern, schema.Enum) = (null, [.. words.Select(word => JsonValue.Create(word))]);
        else if (pattern[0] != '^') schema.Pattern = $"^(?:{pattern})$";
    }

    /// <summary>Only what is sent in has no members but those it names: answers may get more of them.</summary>
    public static OpenApiOptions CloseRequestsOnly(this OpenApiOptions options) => options.AddSchemaTransformer((schema, context, _) =>
    {
        schema.AdditionalPropertiesAllowed = !context.JsonTypeInfo.Type.Name.EndsWith("Request", StringComparison.Ordinal);
        return Task.CompletedTask;
    });

    private static OpenApiSecurityRequirement Needs(string scheme, OpenApiDocument document) => new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };

    private static OpenApiParameter Header(string name, string description, int maxLength, bool isRequired = false) => new()
    {
        Required = isRequired,
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = maxLength },
    };
}

/// <summary>A rule of validation that takes only words from a list.</summary>
public interface IKnownWords
{
    IReadOnlyList<string> Words { get; }
}

/// <summary>A rule of validation about every text in a list: all of it matches the pattern.</summary>
public interface IKnownPattern
{
    string Pattern { get; }

    /// <summary>A text that matches.</summary>
    string Example { get; }
}
