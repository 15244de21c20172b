using System.Text.Json;
using System.Text.Json.Nodes;
using Api.Limits;
using Commerce.Accounts;
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
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace Api.Document;

/// <summary>One problem for every operation and status, of those it is most often refused with. Its name in the document is its code.</summary>
internal static class Problems
{
    /// <summary>What stands in the path, what it refuses, in which words. The first that fits; those of everybody come last.</summary>
    private static readonly (string Path, string Code, string Detail)[] Known =
    [
        ("/baskets", BasketRefusals.NotFound, "There is no open basket with this id."),
        ("/baskets", BasketRefusals.QuantityUnavailable, "There are not that many left."),
        ("/baskets", BasketRefusals.CurrencyUnknown, "The shop does not sell in XXX."),
        ("/shipping-rates", BasketRefusals.NotFound, "There is no open basket with this id."),
        ("/shipping-rates", OrderRefusals.CountryNotServed, "The shop does not deliver to MX."),
        ("/orders/", OrderRefusals.NotFound, "There is no order with this number and key."),
        ("/refunds", PaymentRefusals.RefundTooMuch, "More than is left of what was captured."),
        ("/capture", PaymentRefusals.NothingToCapture, "The order is awaiting-payment: no money was promised for it."),
        ("/payment-session", PaymentRefusals.AlreadyPaid, "This order is paid."),
        ("/v1/orders/", OrderRefusals.AlreadyPaid, "The order is paid; the shop can cancel it for you."),
        ("/refunds", PaymentRefusals.NothingToRefund, "Nothing of this order's money is left to refund."),
        ("/orders/", OrderRefusals.AlreadyShipped, "Everything that is to be sent was sent."),
        ("/orders/", OrderRefusals.LineInvalid, "Line 1 has 1 such units, not 2."),
        ("/orders", OrderRefusals.BasketNotFound, "There is no basket with this id."),
        ("/orders", OrderRefusals.OutOfStock, "Some lines are no longer available in the quantity asked for; nothing was ordered."),
        ("/orders", OrderRefusals.BasketEmpty, "The basket has nothing in it that can be ordered."),
        ("/session", AccountRefusals.SignInFailed, "The mail address or the password is wrong, or there were too many attempts; in that case wait some minutes."),
        ("/password", AccountRefusals.PasswordWrong, "The present password is wrong, or there were too many attempts; in that case wait some minutes."),
        ("/accounts/", AccountRefusals.LastAdmin, "This is the last admin who can sign in; make another one first."),
        ("/accounts", AccountRefusals.EmailTaken, "There is an account with this mail address already."),
        ("/accounts", AccountRefusals.PasswordWeak, "Passwords must be at least 10 characters."),
        ("/accounts/", AccountRefusals.NotFound, "There is no account with this id."),
        ("/api-keys", AccountRefusals.KeyNotFound, "There is no API key with this id."),
        ("/attributes", CatalogRefusals.AttributeNotFound, "No product has an attribute 'custom.paper'."),
        ("/attributes", CatalogRefusals.AttributeInvalid, "'Cotton rag' is no number."),
        ("/collections/{id}/products", CatalogRefusals.ByRule, "This collection is made by its rules; change them instead."),
        ("/admin/collections", CatalogRefusals.CollectionNotFound, $"There is no collection {Samples.Id}."),
        ("/collections", CatalogRefusals.SlugTaken, "The slug is in use."),
        ("/collections", CatalogRefusals.RuleInvalid, "'price less cheap' is no condition: prices take whole numbers."),
        ("/imports", CatalogRefusals.ImportNotFound, $"There is no import {Samples.Id}."),
        ("/imports", CatalogRefusals.FileMissing, "There is no .csv file to import."),
        ("/imports", CatalogRefusals.FileTooLarge, "An import file has at most 200 MB."),
        ("/admin/products", CatalogRefusals.ProductNotFound, $"There is no product {Samples.Id}."),
        ("/terms", StockRefusals.UnitsPromised, "More units have been promised than there are: backorders can only be ended once they are there."),
        ("/terms", CatalogRefusals.TaxClassUnknown, "No country has a VAT rate for 'reduced'."),
        ("/variants", CatalogRefusals.SkuTaken, "Another variant has this SKU."),
        ("/options", CatalogRefusals.OptionsInvalid, "The variants have values of 'Size' already; a value is for a new option."),
        ("/pictures", CatalogRefusals.GalleryIncomplete, "Name each of the product's 2 pictures once, in the order wanted."),
        ("/variants", CatalogRefusals.OptionsInvalid, "A variant has one value for each of the 1 options, and no other variant the same ones."),
        ("/admin/products", CatalogRefusals.SlugTaken, "The slug is in use."),
        ("/admin/products", CatalogRefusals.AttributeInvalid, "'paper' is no key such as custom.paper."),
        ("/stock/locations", StockRefusals.LocationNotFound, "There is no location with this id."),
        ("/stock/locations", StockRefusals.LocationNameTaken, "There is a location called 'Shop floor' already."),
        ("/stock", StockRefusals.VariantNotFound, "There is no variant with this id."),
        ("/stock", StockRefusals.UnitsPromised, "Fewer units would be left there than orders have been promised."),
        ("/bundle", StockRefusals.HasUnits, "It has units of its own, or owes or promises some to orders: a bundle has only those of its components. Count them to 0 first."),
        ("/bundle", StockRefusals.BundleNested, "A bundle is made of different variants that are no bundles, and is in no other bundle itself."),
        ("/stock", StockRefusals.TooMany, $"A location takes at most {StockItem.MaxOnHand} units of a variant."),
        ("/shipping-zones", ShippingRefusals.CountryTwice, "DE is in two zones."),
        ("/vat-rates", ShippingRefusals.TaxClassInUse, "Variants are of the tax class 'reduced', which would have no rate anywhere."),
        ("/mail", MailRefusals.NotSuppressed, "No server has refused this address."),
        ("/vat-rates", ShippingRefusals.VatMissing, "FR would have no VAT any more. Name them in untaxed if that is meant."),
        ("/currencies", PricingRefusals.ShopCurrencyMissing, "The shop's own currency, EUR, cannot be given up."),
        ("/webhook-deliveries", WebhookRefusals.DeliveryNotFound, "There is no such delivery."),
        ("/webhook-deliveries", WebhookRefusals.EndpointDisabled, "Switch the endpoint on first."),
        ("/webhook", WebhookRefusals.EndpointNotFound, "There is no such endpoint."),
        ("/webhook", WebhookRefusals.UrlNotAllowed, "An endpoint is an HTTPS address without a user."),
        ("/jobs", JobRefusals.NotFound, "There is no such job."),
        ("/jobs", JobRefusals.NotDead, "This job is no dead letter."),
        ("/jobs", JobRefusals.ChoiceMissing, "Say which dead letters: an id, a kind, a reason, or all."),
        ("/differences/", PaymentRefusals.DifferenceNotFound, $"There is no difference {Samples.Id}."),
        ("/differences/", PaymentRefusals.DifferenceChanged, "The difference has other amounts by now; look at it again."),
        ("/reconciliation", PaymentRefusals.WindowInvalid, "A window has at most 30 days."),
        ("/products/{slug}", CatalogRefusals.ProductNotFound, "There is no product 'tide'."),
        ("", CatalogRefusals.CollectionNotFound, "There is no collection 'sea'."),
        ("", AccountRefusals.SignInNeeded, "Sign in first."),
        ("/admin", AccountRefusals.Forbidden, "This account may not do that."),
        ("", PaymentRefusals.GatewayRefused, "The payment provider refuses this; nothing was charged. It has been logged under this trace id."),
    ];

    /// <summary>Those that come before the shop is asked, or instead of it.</summary>
    private static readonly Dictionary<int, (string Code, string Detail)> OfEverybody = new()
    {
        [403] = (CrossSite.Refused, "Another site's page may not change anything here."),
        [412] = (Preconditions.Failed, "Somebody changed it since you read it; read it again."),
        [413] = (Refusals.TooLarge, Refusals.TooLargeBody),
        [415] = (Refusals.UnknownType, Refusals.AnotherType),
        [428] = (Preconditions.Required, "Send the ETag you read as If-Match, so that nobody else's change is lost."),
        [429] = (RateLimits.Exceeded, "Too many requests; wait as long as Retry-After says."),
        [503] = (Refusals.Unavailable, Refusals.DatabaseAway),
    };

    public static (string Code, Func<JsonNode?> Make) Of(string path, int status)
    {
        if (status == StatusCodes.Status400BadRequest) return (Refusals.Invalid, Invalid);
        var (_, code, detail) = Array.Find(Known, k => path.Contains(k.Path, StringComparison.Ordinal) && Refusals.Statuses[k.Code] == status);
        if (code is null) (code, detail) = OfEverybody[status];
        return (code, () => Write(new ProblemDetails { Type = $"urn:problem:{code}", Title = ReasonPhrases.GetReasonPhrase(status), Status = status, Detail = detail }, code));
    }

    private static readonly Dictionary<string, string[]> Wrong = new() { ["quantity"] = ["The field quantity must be between 0 and 99."] };

    private static JsonNode? Invalid() => Write(
        new HttpValidationProblemDetails(Wrong)
        {
            Type = $"urn:problem:{Refusals.Invalid}",
            Status = StatusCodes.Status400BadRequest,
            Detail = Malformed.Summary(Wrong),
        },
        Refusals.Invalid);

    private static JsonNode? Write(ProblemDetails problem, string code)
    {
        problem.Extensions["code"] = code;
        problem.Extensions["traceId"] = Samples.TraceId;
        return JsonSerializer.SerializeToNode(problem, problem.GetType(), JsonSerializerOptions.Web);
    }
}
