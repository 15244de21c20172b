using Local.Mail.Controls;
using Local.Mail.Mailbox;
using Local.Mail.Pages;
using Local.Mail.Smtp;
using Local.Web;

namespace Local.Mail;

/// <summary>A real SMTP server that keeps every message, a page to read them on, a JSON API for tests, and faults.</summary>
public static class MailEmulator
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddOptions<MailOptions>().BindConfiguration(MailOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<MessageStore>();
        builder.Services.AddSingleton<SmtpFaults>();
        builder.Services.AddSingleton<SmtpListener>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SmtpListener>());
        builder.Services.AddHealthChecks().AddCheck<SmtpHealth>("smtp");

        var app = builder.Build();
        app.MapHealthChecks("/health");
        app.MapHealthChecks("/alive", new() { Predicate = _ => false });
        MessageApi.Map(app, app.Services.GetRequiredService<MessageStore>());
        var controls = app.MapGroup("").AddEndpointFilter(OwnPagesOnly.Check);
        ControlEndpoints.Map(controls, app.Services.GetRequiredService<SmtpFaults>(), app.Services.GetRequiredService<MessageStore>(), app.Services.GetRequiredService<SmtpListener>());
        MailPages.Map(controls);
        Frame.Emulator.MapAssets(app);
        return app;
    }
}
