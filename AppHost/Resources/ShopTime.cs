namespace AppHost.Resources;

/// <summary>By which clock the shop says what day it is, in mails and on pages alike: <c>Shop:TimeZone</c>.</summary>
internal static class ShopTime
{
    private const string Setting = "Shop:TimeZone";
    private const string Usual = "Europe/Berlin";

    public static IResourceBuilder<T> WithShopTime<T>(this IResourceBuilder<T> service)
        where T : IResourceWithEnvironment
    {
        var name = service.ApplicationBuilder.Configuration[Setting] ?? Usual;
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId
            ? service.WithEnvironment("Shop__TimeZone", name)
            : throw new InvalidOperationException($"{Setting}={name} is no time zone; accepted are IANA names such as {Usual}.");
    }
}
