using Local.PagerDuty.Controls;
using Local.PagerDuty.Incidents;
using Local.PagerDuty.Pages;
using Local.PagerDuty.Wire;
using Microsoft.Extensions.Options;

using Local.Web;

namespace Local.PagerDuty;

/// <summary>A stand-in for PagerDuty that speaks the Events API v2, shows what it would wake somebody for, and has faults.</summary>
public static class PagerDutyEmulator
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = EnqueueEndpoint.MaxBody * 4;
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddOptions<PagerDutyOptions>().BindConfiguration(PagerDutyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => new EventLog(services.GetRequiredService<IOptions<PagerDutyOptions>>().Value.DataFolder));
        builder.Services.AddSingleton<IncidentBook>();
        builder.Services.AddSingleton<Faults>();
        builder.Services.AddHealthChecks();

        var app = builder.Build();
        // Reads the events' file now: a damaged one stops the start, not the first alert.
        app.Services.GetRequiredService<IncidentBook>();
        app.MapHealthChecks("/health");
        app.MapHealthChecks("/alive");
        EnqueueEndpoint.Map(app);
        var controls = app.MapGroup("").AddEndpointFilter(OwnPagesOnly.Check);
        ControlEndpoints.Map(controls, app.Services.GetRequiredService<Faults>(), app.Services.GetRequiredService<IncidentBook>());
        BellPages.Map(controls, app.Services.GetRequiredService<Faults>());
        Frame.Emulator.MapAssets(app);
        return app;
    }
}
