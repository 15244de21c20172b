using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Api.Document;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Api;

/// <summary>How the Api speaks: JSON, validation, problem details and its own description.</summary>
public static class Wire
{
    private const long MaxBodyBytes = 256 * 1024;
    private const string Description = """
        Catalogue, baskets, orders and payments of the shop. Amounts are minor units; whether prices hold VAT, `pricesIncludeTax` of a product, a basket, an order and its shipping rates says.

        The catalogue (products, facets, collections) is also answered to HEAD: the same status and headers as to GET, without the body.
        """;
    private const string DocumentPath = "/api/openapi/{documentName}.json";

    public static void AddWire(this IServiceCollection services)
    {
        services.AddValidation();
        services.AddSingleton<KnownQueries>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true); // so that the problem can say what is malformed
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            context.ProblemDetails.Extensions["traceId"] = Activity.Current?.TraceId.ToString();
            if (context.ProblemDetails is not HttpValidationProblemDetails invalid) return;
            invalid.Extensions["code"] = Refusals.Invalid;
            invalid.Errors = Malformed.Named(invalid.Errors, context.HttpContext.GetEndpoint());
            (invalid.Type, invalid.Detail) = ($"urn:problem:{Refusals.Invalid}", Malformed.Summary(invalid.Errors));
        });
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)); // words, in every answer and question
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow; // a misspelt amount must not mean "everything"
            options.SerializerOptions.AllowDuplicateProperties = false; // two amounts are no amount
            options.SerializerOptions.RespectNullableAnnotations = true;
            options.SerializerOptions.RespectRequiredConstructorParameters = true;
            options.SerializerOptions.Converters.Add(new MomentsWithOffset());
            options.SerializerOptions.TypeInfoResolver = (options.SerializerOptions.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(NoNullItems.Refuse);
        });
        services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo { Title = "Oddgrain", Version = "v1", Description = Description };
                document.Servers = []; // one origin, whatever it is called here
                return Task.CompletedTask;
            });
            options.ShouldInclude = description => description.HttpMethod != HttpMethods.Head; // what GET is described by
            options.DescribeCallers().DescribeHeaders().DescribeDoors().DescribeAnswerHeaders().DescribeKnownWords().DescribeWebAddresses().CloseRequestsOnly().DescribeMoments().DescribeAnyJson().DescribeProblems().GiveExamples();
        });
    }

    /// <summary>What a shopper sends is small. Staff send files, within the limit of their own group.</summary>
    public static RouteGroupBuilder LimitBodies(this RouteGroupBuilder group, long bytes = MaxBodyBytes) => group.WithMetadata(new RequestSizeLimitAttribute(bytes));

    /// <summary>Of a query only what the document names is taken.</summary>
    public static RouteGroupBuilder RefuseUnknownQueries(this RouteGroupBuilder group) => group.AddEndpointFilter(KnownQueries.RefuseAsync);

    /// <summary>What GET answers, HEAD answers without the body (RFC 9110, 9.3.2).</summary>
    public static RouteGroupBuilder AlsoByHead(this RouteGroupBuilder group) => group.WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));

    /// <summary>Answers are about somebody's orders, baskets or account, or a secret for staff: nobody on the way keeps one that does not say itself for how long.</summary>
    public static void UseNoStore(this WebApplication app) => app.Use(next => context =>
    {
        if (context.Request.Path.StartsWithSegments("/api/v1")) context.Response.OnStarting(KeepOut, context.Response);
        return next(context);
    });

    /// <summary>
    /// A charset that nobody knows is refused like a type that nobody takes, where a body is taken; the framework throws, as if it were our fault. It reads none
    /// in quotes either, which RFC 9110 (8.3.2) allows: they are taken off. A body that says it is compressed would be read as if it were not: it is refused
    /// with the coding that is taken (RFC 9110, 15.5.16).
    /// </summary>
    public static void UseContentTypes(this WebApplication app) => app.Use(next => context =>
    {
        var request = context.Request;
        if (string.IsNullOrEmpty(request.ContentType) || context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is null) return next(context);
        var isEncoded = request.Headers.ContentEncoding.Any(coding => !string.Equals(coding, "identity", StringComparison.OrdinalIgnoreCase));
        if (isEncoded) context.Response.Headers.AcceptEncoding = "identity";
        if (isEncoded || !MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !IsKnown(HeaderUtilities.RemoveQuotes(type.Charset)))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return Task.CompletedTask;
        }
        if (HeaderUtilities.IsQuoted(type.Charset)) request.ContentType = Unquoted(type);
        return next(context);
    });

    private static string Unquoted(MediaTypeHeaderValue type)
    {
        type.Charset = HeaderUtilities.RemoveQuotes(type.Charset);
        return type.ToString();
    }

    private static bool IsKnown(StringSegment charset)
    {
        try
        {
            return !charset.HasValue || Encoding.GetEncoding(charset.ToString()) is not null;
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException) // UTF-7 is known, and not supported
        {
            return false;
        }
    }

    private static Task KeepOut(object response)
    {
        var headers = ((HttpResponse)response).Headers;
        if (headers.CacheControl.Count == 0) headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }

    public static void MapDocument(this WebApplication app)
    {
        app.MapOpenApi(DocumentPath);
        app.MapScalarApiReference("/api/docs", options => options.WithTitle("Oddgrain API").WithOpenApiRoutePattern(DocumentPath)
            // What is the vendor's and not the shop's: it would ask servers that a shop may not reach.
            .DisableAgent().DisableMcp().DisableTelemetry().DisableDefaultFonts().HideDeveloperTools().HideClientButton());
    }
}
