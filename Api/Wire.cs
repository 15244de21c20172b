using System.Diagnostics;
using System.Text.Json.Serialization;
using Api.Staff;
using Commerce.Audit;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Api;

/// <summary>How the Api speaks: JSON, validation, problem details and its own description.</summary>
public static class Wire
{
    private const int MaxETagLength = 100;
    private const string DocumentPath = "/api/openapi/{documentName}.json";

    public static void AddWire(this IServiceCollection services)
    {
        services.AddValidation();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true); // so that the problem can say what is malformed
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            context.ProblemDetails.Extensions["traceId"] = Activity.Current?.TraceId.ToString();
            if (context.ProblemDetails is HttpValidationProblemDetails) context.ProblemDetails.Extensions["code"] = "request.invalid";
        });
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.RespectNullableAnnotations = true;
            options.SerializerOptions.RespectRequiredConstructorParameters = true;
        });
        services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo { Title = "Oddgrain", Version = "v1", Description = "Catalogue, baskets, orders and payments of the shop. Amounts are minor units, VAT included." };
                document.Servers = []; // one origin, whatever it is called here
                return Task.CompletedTask;
            });
            options.AddOperationTransformer((operation, context, _) =>
            {
                var metadata = context.Description.ActionDescriptor.EndpointMetadata;
                if (metadata.Contains(TakesReason.Instance)) (operation.Parameters ??= []).Add(Header(StaffCall.ReasonHeader, "Why, for the audit trail; percent-encoded UTF-8.", AuditEntry.MaxReasonLength));
                if (metadata.Contains(TakesIfMatch.Instance)) (operation.Parameters ??= []).Add(Header("If-Match", "The ETag that was read.", MaxETagLength));
                return Task.CompletedTask;
            });
        });
    }

    public static void MapDocument(this WebApplication app)
    {
        app.MapOpenApi(DocumentPath);
        app.MapScalarApiReference("/api/docs", options => options.WithTitle("Oddgrain API").WithOpenApiRoutePattern(DocumentPath));
    }

    private static OpenApiParameter Header(string name, string description, int maxLength) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = maxLength },
    };
}
