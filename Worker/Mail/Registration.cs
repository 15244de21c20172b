namespace Worker.Mail;

/// <summary>Mail as a service of a host.</summary>
public static class Registration
{
    /// <summary>Sends mail by SMTP: needs the section <c>Smtp</c>; this, <c>Mail</c> and <c>Shop</c> are checked at start.</summary>
    public static IServiceCollection AddMail(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SmtpOptions>().Bind(configuration.GetSection(SmtpOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<MailOptions>().Bind(configuration.GetSection(MailOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ShopTime>().Bind(configuration.GetSection(ShopTime.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SmtpGateway>();
        services.AddSingleton<OrderMails>();
        services.AddSingleton<StaffMails>();
        services.AddScoped<StaffMailing>();
        services.AddScoped<MailDelivery>();
        return services;
    }
}
