using Commerce.Webhooks;

namespace Worker.Webhooks;

/// <summary>Webhooks to merchants' own systems as a service of a host.</summary>
public static class Registration
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<WebhookOptions>().Bind(configuration.GetSection("Webhooks"));
        return services.AddSingleton<WebhookSender>();
    }
}
