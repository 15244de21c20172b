using System.Diagnostics;
using Api.Accounts;
using Api.Limits;
using Api.Staff;
using Commerce;
using Commerce.Accounts;
using Commerce.Audit;
using Commerce.Baskets;
using Commerce.Catalog;
using Commerce.Jobs;
using Commerce.Mail;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Pricing;
using Commerce.Shipping;
using Commerce.Stock;
using Commerce.Webhooks;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Api;

/// <summary>The only place where a refusal of the shop, or a failure of the world, becomes an HTTP answer: problem details (RFC 9457) with a stable <c>code</c>.</summary>
public static class Refusals
{
    public const string Unavailable = "service.unavailable";
    public const string Busy = "orders.busy";
    public const string SessionsAway = "accounts.sessions-away";
    public const string Malformed = "request.malformed";
    public const string Invalid = "request.invalid";
    public const string TooLarge = "request.too-large";
    public const string UnknownType = "request.unknown-content-type";
    public const string Internal = "service.error";
    public const string NoSuchAddress = "request.no-such-address";

    internal const string TooLargeBody = "The body is larger than this address takes.";
    internal const string AnotherType = "This address takes another content type; most take application/json.";

    /// <summary>Whether a transaction was committed whose answer got lost, nobody knows.</summary>
    internal const string DatabaseAway = "The shop cannot reach its database. Where something was to be changed, look whether it was before trying again; under its Idempotency-Key it is done once.";

    /// <summary>Every code of every concept, and its status. A test holds it complete.</summary>
    public static readonly IReadOnlyDictionary<string, int> Statuses = new Dictionary<string, int>
    {
        [CatalogRefusals.ProductNotFound] = StatusCodes.Status404NotFound,
        [CatalogRefusals.CollectionNotFound] = StatusCodes.Status404NotFound,
        [CatalogRefusals.CursorInvalid] = StatusCodes.Status400BadRequest,
        [CatalogRefusals.FilterInvalid] = StatusCodes.Status400BadRequest,
        [CatalogRefusals.SlugTaken] = StatusCodes.Status409Conflict,
        [CatalogRefusals.SlugInvalid] = StatusCodes.Status422UnprocessableEntity,
        [CatalogRefusals.SkuTaken] = StatusCodes.Status409Conflict,
        [CatalogRefusals.OptionsInvalid] = StatusCodes.Status422UnprocessableEntity,
        [CatalogRefusals.DescriptionInvalid] = StatusCodes.Status422UnprocessableEntity,
        [CatalogRefusals.PriceTwice] = StatusCodes.Status422UnprocessableEntity,
        [CatalogRefusals.TaxClassUnknown] = StatusCodes.Status422UnprocessableEntity,
        [CatalogRefusals.AttributeInvalid] = StatusCodes.Status422UnprocessableEntity,
        [CatalogRefusals.AttributeNotFound] = StatusCodes.Status404NotFound,
        [CatalogRefusals.AttributeRemoved] = StatusCodes.Status409Conflict,
        [CatalogRefusals.RuleInvalid] = StatusCodes.Status422UnprocessableEntity,
        [CatalogRefusals.ByRule] = StatusCodes.Status409Conflict,
        [CatalogRefusals.PictureInvalid] = StatusCodes.Status422UnprocessableEntity,
        [CatalogRefusals.PictureNotFound] = StatusCodes.Status404NotFound,
        [CatalogRefusals.GalleryIncomplete] = StatusCodes.Status422UnprocessableEntity,
        [CatalogRefusals.VariantNotFound] = StatusCodes.Status404NotFound,
        [CatalogRefusals.VariantBundled] = StatusCodes.Status409Conflict,
        [CatalogRefusals.StaffCursorInvalid] = StatusCodes.Status400BadRequest,
        [CatalogRefusals.FileTooLarge] = StatusCodes.Status413PayloadTooLarge,
        [CatalogRefusals.FileMissing] = StatusCodes.Status422UnprocessableEntity,
        [CatalogRefusals.UploadBroken] = StatusCodes.Status400BadRequest,
        [CatalogRefusals.ArchiveInvalid] = StatusCodes.Status422UnprocessableEntity,
        [CatalogRefusals.ImportsBusy] = StatusCodes.Status503ServiceUnavailable,
        [CatalogRefusals.ImportNotFound] = StatusCodes.Status404NotFound,
        [BasketRefusals.NotFound] = StatusCodes.Status404NotFound,
        [BasketRefusals.VariantNotFound] = StatusCodes.Status404NotFound,
        [BasketRefusals.QuantityUnavailable] = StatusCodes.Status409Conflict,
        [BasketRefusals.QuantityNotAllowed] = StatusCodes.Status409Conflict,
        [BasketRefusals.CurrencyUnknown] = StatusCodes.Status422UnprocessableEntity,
        [BasketRefusals.NoPrice] = StatusCodes.Status409Conflict,
        [BasketRefusals.Full] = StatusCodes.Status409Conflict,
        [WebhookRefusals.EndpointNotFound] = StatusCodes.Status404NotFound,
        [WebhookRefusals.DeliveryNotFound] = StatusCodes.Status404NotFound,
        [WebhookRefusals.UrlNotAllowed] = StatusCodes.Status422UnprocessableEntity,
        [WebhookRefusals.EndpointDisabled] = StatusCodes.Status409Conflict,
        [WebhookRefusals.CursorInvalid] = StatusCodes.Status400BadRequest,
        [MailRefusals.CursorInvalid] = StatusCodes.Status400BadRequest,
        [MailRefusals.NotSuppressed] = StatusCodes.Status404NotFound,
        [OrderRefusals.NotFound] = StatusCodes.Status404NotFound,
        [OrderRefusals.OutOfStock] = StatusCodes.Status409Conflict,
        [OrderRefusals.BasketNotFound] = StatusCodes.Status404NotFound,
        [OrderRefusals.BasketEmpty] = StatusCodes.Status422UnprocessableEntity,
        [OrderRefusals.LineNotForSale] = StatusCodes.Status409Conflict,
        [OrderRefusals.BasketAlreadyOrdered] = StatusCodes.Status409Conflict,
        [OrderRefusals.TotalChanged] = StatusCodes.Status409Conflict,
        [OrderRefusals.CountryNotServed] = StatusCodes.Status422UnprocessableEntity,
        [OrderRefusals.AlreadyPaid] = StatusCodes.Status409Conflict,
        [OrderRefusals.AlreadyShipped] = StatusCodes.Status409Conflict,
        [OrderRefusals.NotInStock] = StatusCodes.Status409Conflict,
        [OrderRefusals.PaidBack] = StatusCodes.Status409Conflict,
        [OrderRefusals.NothingShipped] = StatusCodes.Status409Conflict,
        [OrderRefusals.NotPaid] = StatusCodes.Status409Conflict,
        [OrderRefusals.Expired] = StatusCodes.Status409Conflict,
        [OrderRefusals.LineInvalid] = StatusCodes.Status422UnprocessableEntity,
        [OrderRefusals.FulfilmentNotFound] = StatusCodes.Status404NotFound,
        [OrderRefusals.VersionChanged] = StatusCodes.Status412PreconditionFailed,
        [OrderRefusals.CursorInvalid] = StatusCodes.Status400BadRequest,
        [OrderRefusals.CurrencyMismatch] = StatusCodes.Status422UnprocessableEntity,
        [OrderRefusals.ShippingUnavailable] = StatusCodes.Status422UnprocessableEntity,
        [OrderRefusals.QuantityNotAllowed] = StatusCodes.Status409Conflict,
        [OrderRefusals.TotalNotChargeable] = StatusCodes.Status422UnprocessableEntity,
        [OrderRefusals.InFlight] = StatusCodes.Status409Conflict,
        [OrderRefusals.KeyReused] = StatusCodes.Status422UnprocessableEntity,
        [ShippingRefusals.ZoneTwice] = StatusCodes.Status422UnprocessableEntity,
        [ShippingRefusals.CountryTwice] = StatusCodes.Status422UnprocessableEntity,
        [ShippingRefusals.BandsOverlap] = StatusCodes.Status422UnprocessableEntity,
        [ShippingRefusals.CurrencyUnknown] = StatusCodes.Status422UnprocessableEntity,
        [ShippingRefusals.RateTwice] = StatusCodes.Status422UnprocessableEntity,
        [ShippingRefusals.CountryUnknown] = StatusCodes.Status422UnprocessableEntity,
        [ShippingRefusals.PercentTooFine] = StatusCodes.Status422UnprocessableEntity,
        [ShippingRefusals.VatMissing] = StatusCodes.Status422UnprocessableEntity,
        [ShippingRefusals.TaxClassInUse] = StatusCodes.Status409Conflict,
        [PricingRefusals.SettingsChanged] = StatusCodes.Status412PreconditionFailed,
        [PricingRefusals.ShopCurrencyMissing] = StatusCodes.Status422UnprocessableEntity,
        [PricingRefusals.CurrencyNotSellable] = StatusCodes.Status422UnprocessableEntity,
        [PricingRefusals.AmountNotChargeable] = StatusCodes.Status422UnprocessableEntity,
        [StockRefusals.VariantNotFound] = StatusCodes.Status404NotFound,
        [StockRefusals.LocationNotFound] = StatusCodes.Status404NotFound,
        [StockRefusals.LocationInUse] = StatusCodes.Status409Conflict,
        [StockRefusals.LocationNameTaken] = StatusCodes.Status409Conflict,
        [StockRefusals.UnitsPromised] = StatusCodes.Status409Conflict,
        [StockRefusals.TooMany] = StatusCodes.Status422UnprocessableEntity,
        [StockRefusals.NoChange] = StatusCodes.Status422UnprocessableEntity,
        [StockRefusals.SameLocation] = StatusCodes.Status422UnprocessableEntity,
        [StockRefusals.IsBundle] = StatusCodes.Status409Conflict,
        [StockRefusals.HasUnits] = StatusCodes.Status409Conflict,
        [StockRefusals.BundleNested] = StatusCodes.Status422UnprocessableEntity,
        [StockRefusals.BundleChanged] = StatusCodes.Status412PreconditionFailed,
        [StockRefusals.CursorInvalid] = StatusCodes.Status400BadRequest,
        [PaymentRefusals.AlreadyPaid] = StatusCodes.Status409Conflict,
        [PaymentRefusals.OrderClosed] = StatusCodes.Status409Conflict,
        [PaymentRefusals.NothingToCapture] = StatusCodes.Status409Conflict,
        [PaymentRefusals.CaptureUnderWay] = StatusCodes.Status409Conflict,
        [PaymentRefusals.CaptureRefused] = StatusCodes.Status409Conflict,
        [PaymentRefusals.NothingToRefund] = StatusCodes.Status409Conflict,
        [PaymentRefusals.RefundTooMuch] = StatusCodes.Status422UnprocessableEntity,
        [PaymentRefusals.Refundable] = StatusCodes.Status409Conflict,
        [PaymentRefusals.Disputed] = StatusCodes.Status409Conflict,
        [PaymentRefusals.CursorInvalid] = StatusCodes.Status400BadRequest,
        [PaymentRefusals.SignatureInvalid] = StatusCodes.Status400BadRequest,
        [PaymentRefusals.EventInvalid] = StatusCodes.Status400BadRequest,
        [PaymentRefusals.WindowInvalid] = StatusCodes.Status422UnprocessableEntity,
        [PaymentRefusals.DifferenceNotFound] = StatusCodes.Status404NotFound,
        [PaymentRefusals.DifferenceResolved] = StatusCodes.Status409Conflict,
        [PaymentRefusals.DifferenceChanged] = StatusCodes.Status409Conflict,
        [PaymentRefusals.GatewayRefused] = StatusCodes.Status502BadGateway,
        [AccountRefusals.EmailTaken] = StatusCodes.Status409Conflict,
        [AccountRefusals.PasswordWeak] = StatusCodes.Status422UnprocessableEntity,
        [AccountRefusals.SignInFailed] = StatusCodes.Status422UnprocessableEntity,
        [AccountRefusals.SignInNeeded] = StatusCodes.Status401Unauthorized,
        [AccountRefusals.SessionEnded] = StatusCodes.Status401Unauthorized,
        [AccountRefusals.Forbidden] = StatusCodes.Status403Forbidden,
        [AccountRefusals.PasswordWrong] = StatusCodes.Status422UnprocessableEntity,
        [AccountRefusals.NotFound] = StatusCodes.Status404NotFound,
        [AccountRefusals.LastAdmin] = StatusCodes.Status409Conflict,
        [AccountRefusals.CursorInvalid] = StatusCodes.Status400BadRequest,
        [AccountRefusals.KeyNotFound] = StatusCodes.Status404NotFound,
        [AccountRefusals.KeyInvalid] = StatusCodes.Status401Unauthorized,
        [AuditRefusals.CursorInvalid] = StatusCodes.Status400BadRequest,
        [AuditRefusals.ReasonMissing] = StatusCodes.Status400BadRequest,
        [JobRefusals.NotFound] = StatusCodes.Status404NotFound,
        [JobRefusals.NotDead] = StatusCodes.Status409Conflict,
        [JobRefusals.ChoiceMissing] = StatusCodes.Status422UnprocessableEntity,
        [JobRefusals.CursorInvalid] = StatusCodes.Status400BadRequest,
    };

    /// <summary>What any address may answer beside, and its status. What HTTP itself refuses otherwise is <c>request.&lt;status&gt;</c>, such as <c>request.405</c>.</summary>
    public static readonly IReadOnlyDictionary<string, int> OfAnyAddress = new Dictionary<string, int>
    {
        [Malformed] = StatusCodes.Status400BadRequest,
        [Invalid] = StatusCodes.Status400BadRequest,
        [CrossSite.Refused] = StatusCodes.Status403Forbidden,
        [NoSuchAddress] = StatusCodes.Status404NotFound,
        [Preconditions.Failed] = StatusCodes.Status412PreconditionFailed,
        [TooLarge] = StatusCodes.Status413PayloadTooLarge,
        [UnknownType] = StatusCodes.Status415UnsupportedMediaType,
        [Preconditions.Required] = StatusCodes.Status428PreconditionRequired,
        [RateLimits.Exceeded] = StatusCodes.Status429TooManyRequests,
        [Internal] = StatusCodes.Status500InternalServerError,
        [Unavailable] = StatusCodes.Status503ServiceUnavailable,
        [Busy] = StatusCodes.Status503ServiceUnavailable,
        [SessionsAway] = StatusCodes.Status503ServiceUnavailable,
        [GatewayUnavailableException.Code] = StatusCodes.Status503ServiceUnavailable,
    };

    public static ProblemHttpResult Problem(this Refusal refusal) => Problem(refusal.Code, Statuses[refusal.Code], refusal.Detail, refusal.Facts);

    /// <summary>The value as 200, or the refusal.</summary>
    public static Results<Ok<T>, ProblemHttpResult> Answer<T>(this Outcome<T> outcome) =>
        outcome.Refusal is { } refusal ? refusal.Problem() : TypedResults.Ok(outcome.Value);

    /// <summary>Failures that no endpoint handles: the world's become 503, the client's 400, ours 500 (logged once, by the middleware).</summary>
    public static void UseRefusals(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            SuppressDiagnosticsCallback = context => Describe(context.Exception).Status < 500,
            ExceptionHandler = async context =>
            {
                var thrown = context.Features.Get<IExceptionHandlerFeature>()!;
                var (code, status, detail) = Describe(thrown.Error);
                if (status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "1";
                string? name = null;
                if (code == Malformed && thrown.Error is BadHttpRequestException bad) (detail, name) = Api.Malformed.Describe(bad, thrown.Endpoint);
                await Problem(code, status, detail, name is null ? null : new Dictionary<string, object?> { ["name"] = name }).ExecuteAsync(context);
            },
        });
        app.UseStatusCodePages(async pages =>
        {
            var (code, detail) = pages.HttpContext.Response.StatusCode switch
            {
                StatusCodes.Status404NotFound => (NoSuchAddress, "There is nothing at this address; /api/docs says what there is."),
                StatusCodes.Status405MethodNotAllowed => ("request.405", $"This address answers {pages.HttpContext.Response.Headers.Allow}."),
                StatusCodes.Status413PayloadTooLarge => (TooLarge, TooLargeBody),
                StatusCodes.Status415UnsupportedMediaType when pages.HttpContext.Response.Headers.AcceptEncoding.Count > 0 => (UnknownType, "Bodies are taken as they are, not compressed: leave Content-Encoding out."),
                StatusCodes.Status415UnsupportedMediaType => (UnknownType, AnotherType),
                var other => ($"request.{other}", (string?)null),
            };
            await Problem(code, pages.HttpContext.Response.StatusCode, detail, null).ExecuteAsync(pages.HttpContext);
        });
    }

    private static (string Code, int Status, string? Detail) Describe(Exception error) => error switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (TooLarge, StatusCodes.Status413PayloadTooLarge, TooLargeBody),
        BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } => (UnknownType, StatusCodes.Status415UnsupportedMediaType, AnotherType),
        BadHttpRequestException bad => (Malformed, bad.StatusCode, bad.Message),
        GatewayUnavailableException => (GatewayUnavailableException.Code, StatusCodes.Status503ServiceUnavailable, "The payment provider cannot be reached. The order is kept; try again."),
        Stripe.StripeException => (PaymentRefusals.GatewayRefused, StatusCodes.Status502BadGateway, "The payment provider refuses this; nothing was charged. It has been logged under this trace id."),
        DbUpdateConcurrencyException => (Preconditions.Failed, StatusCodes.Status412PreconditionFailed, "Somebody changed it at the same moment; read it again."),
        ReasonMissingException => (AuditRefusals.ReasonMissing, StatusCodes.Status400BadRequest, error.Message),
        SessionsAwayException => (SessionsAway, StatusCodes.Status503ServiceUnavailable, "Nobody can be signed in at this moment. Browsing and ordering as a guest work."),
        OrderQueueFullException => (Busy, StatusCodes.Status503ServiceUnavailable, "Too many orders at this moment; try again."),
        _ when HasUnstorableText(error) => (Malformed, StatusCodes.Status400BadRequest, "A text holds a character that cannot be kept, such as U+0000."),
        _ when ShopDb.IsUnreachable(error) => (Unavailable, StatusCodes.Status503ServiceUnavailable, DatabaseAway),
        _ => (Internal, StatusCodes.Status500InternalServerError, "Something is wrong in the shop; it has been logged under this trace id."),
    };

    private static bool HasUnstorableText(Exception? error) =>
        error is not null && (error is PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter } || HasUnstorableText(error.InnerException));

    internal static ProblemHttpResult Problem(string code, int status, string? detail, IReadOnlyDictionary<string, object?>? facts)
    {
        var problem = new ProblemDetails { Status = status, Detail = detail, Type = $"urn:problem:{code}" };
        problem.Extensions["code"] = code;
        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToString();
        foreach (var (name, value) in facts ?? new Dictionary<string, object?>()) problem.Extensions[name] = value;
        return TypedResults.Problem(problem);
    }
}
