using System.Text.Json;
using Commerce;
using Commerce.Mail;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Api.Mail;

/// <summary>
/// <c>POST /webhooks/ses</c>: Amazon SES takes a mail first and says later, through SNS, that it bounced for good or that its reader complained. Either
/// way the address is not written to again.
/// </summary>
public static class ReceiveMailReport
{
    /// <summary>Bytes: SNS sends 256 KiB at most.</summary>
    private const long MaxBody = 300 * 1024;

    public const string NotGenuine = "mail.report-not-genuine";

    public static void AddMailReports(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SesOptions>().Bind(builder.Configuration.GetSection(SesOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddHttpClient(nameof(SnsDesk)).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
        builder.Services.AddSingleton<SnsDesk>();
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/webhooks/ses", HandleAsync)
        .WithMetadata(new RequestSizeLimitAttribute(MaxBody)).ExcludeFromDescription();

    private static async Task<IResult> HandleAsync(
        HttpRequest request, ShopDb db, SnsDesk desk, IOptions<SesOptions> options, TimeProvider time, CancellationToken cancellation)
    {
        if (options.Value.TopicArn is null) return Results.NotFound();
        // SNS sends JSON as text/plain.
        if (await ReadAsync<SnsMessage>(request.Body, cancellation) is not { } message || !await desk.IsGenuineAsync(message, cancellation))
            return Refusals.Problem(NotGenuine, StatusCodes.Status400BadRequest, "This is no message of ours from Amazon SNS.", null);
        if (message.Type == SnsMessage.SubscriptionConfirmation && !await desk.ConfirmAsync(message, cancellation))
            return Refusals.Problem(NotGenuine, StatusCodes.Status400BadRequest, "The subscription is confirmed at no address of Amazon SNS.", null);
        if (message.Type == SnsMessage.Notification)
            foreach (var (address, words) in MailReport.Read(message.Message))
                await db.SuppressAsync(address, words, time.GetUtcNow(), cancellation);
        return Results.Ok();
    }

    private static async Task<T?> ReadAsync<T>(Stream body, CancellationToken cancellation) where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(body, Strict, cancellation);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static readonly JsonSerializerOptions Strict = new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };
}
