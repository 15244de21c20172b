namespace AppHost.Resources;

/// <summary>Secrets by which the shop knows people and programs. Made once per clone and shown nowhere but on the dashboard.</summary>
internal static class Access
{
    /// <summary>The address the first admin signs in with.</summary>
    private const string AdminEmail = "admin@oddgrain.local";

    /// <summary>The first admin; the parameter <c>admin-password</c> on the dashboard is the password.</summary>
    public static IResourceBuilder<T> WithFirstAdmin<T>(this IResourceBuilder<T> migrate, LocalState state)
        where T : IResourceWithEnvironment
    {
        var password = migrate.ApplicationBuilder.AddParameter("admin-password", () => state.Secret("admin"), secret: true);
        return migrate.WithEnvironment("Admin__Email", AdminEmail).WithEnvironment("Admin__Password", password);
    }

    /// <summary>What the storefront signs with when it says for which shopper it asks.</summary>
    public static IResourceBuilder<T> WithStorefrontKey<T>(this IResourceBuilder<T> service, LocalState state)
        where T : IResourceWithEnvironment => service.WithEnvironment("Storefront__Key", state.Secret("storefront"));
}
