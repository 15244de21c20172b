using Commerce.Accounts;
using Commerce.Catalog.Import;
using Commerce.Media;
using Commerce.Orders;
using Commerce.Payments;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Commerce;

public static class CommerceServices
{
    /// <summary>The heart's services, on whatever <see cref="ShopDb"/> the host has registered. The catalogue and its import need no more than this.</summary>
    public static IServiceCollection AddCommerce(this IServiceCollection services, IConfiguration configuration)
    {
        services.ConfigureDbContext<ShopDb>(ShopDb.Conventions);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<MediaOptions>().Bind(configuration.GetSection("Media"));
        services.AddSingleton<MediaStore>();
        services.AddOptions<ImportOptions>().Bind(configuration.GetSection("Import"));
        services.AddSingleton<PublicHttp>();
        services.AddScoped<CatalogImport>();
        services.AddScoped<CatalogExport>();
        return services;
    }

    /// <summary>Taking orders and money: needs the sections <c>Stripe</c> and <c>Services</c>, checked at start.</summary>
    public static IServiceCollection AddOrders(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<OrderOptions>().Bind(configuration.GetSection("Orders")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<StripeOptions>().Bind(configuration.GetSection("Stripe")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<PublicAddress>().Bind(configuration.GetSection("Services")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<OrderDesk>();
        services.AddSingleton<GatewayPipeline>();
        services.AddSingleton<StripeGateway>();
        services.AddScoped<StripeEvents>();
        services.AddScoped<StripeEventReader>();
        services.AddScoped<Settlement>();
        services.AddScoped<PaymentSessions>();
        services.AddScoped<PaymentEnding>();
        services.AddScoped<PaymentVerbs>();
        services.AddScoped<CaptureVerbs>();
        services.AddScoped<RefundVerbs>();
        services.AddScoped<FulfilmentVerbs>();
        services.AddScoped<Cancellation>();
        services.AddScoped<PaymentComparison>();
        services.AddScoped<LeftoverPayments>();
        services.AddScoped<Reconciliation>();
        return services;
    }

    /// <summary>Accounts and their passwords.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddIdentityCore<Account>(options =>
        {
            options.User.RequireUniqueEmail = true;
            options.User.AllowedUserNameCharacters = ""; // any: the name is a mail address, and those have no alphabet
            // Length is what counts (NIST SP 800-63B, 3.1.1.2); rules about characters only make people write them down.
            options.Password.RequiredLength = Account.MinPasswordLength;
            options.Password.RequiredUniqueChars = 4;
            options.Password.RequireDigit = options.Password.RequireLowercase = options.Password.RequireUppercase = options.Password.RequireNonAlphanumeric = false;
            options.Lockout.MaxFailedAccessAttempts = 8;
            options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(10);
        }).AddUserStore<AccountStore>();
        services.AddScoped<AccountDesk>();
        services.AddScoped<StaffDesk>();
        return services;
    }
}
