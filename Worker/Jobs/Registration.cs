using Worker.Mail;

namespace Worker.Jobs;

/// <summary>The job system as a service of a host.</summary>
public static class Registration
{
    /// <summary>Takes and runs the jobs that <paramref name="register"/> names. Needs the job relay of Commerce.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services, Action<JobCatalog> register)
    {
        var catalog = new JobCatalog();
        register(catalog);
        services.AddSingleton(catalog);
        services.AddSingleton<RunningJobs>();
        services.AddSingleton<JobRunner>();
        services.AddHostedService<JobPump>();
        services.AddHostedService<JobGauges>();
        return services;
    }

    /// <summary>Sends mail by SMTP: needs the section <c>Smtp</c>, checked at start.</summary>
    public static IServiceCollection AddMail(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SmtpOptions>().Bind(configuration.GetSection(SmtpOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<MailOptions>().Bind(configuration.GetSection(MailOptions.Section));
        services.AddSingleton<SmtpGateway>();
        services.AddSingleton<OrderMails>();
        services.AddScoped<MailDelivery>();
        return services;
    }
}
