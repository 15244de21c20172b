using Local.Launcher;
using Local.Postgres;
using Microsoft.Extensions.Options;

if (args is ["reset", ..])
    return ResetCommand.Run(args, "PostgreSQL", DataFolder.Reset);

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
builder.Services.AddOptions<PostgresOptions>().BindConfiguration(PostgresOptions.Section).ValidateOnStart();
builder.Services.AddSingleton<IValidateOptions<PostgresOptions>, PostgresOptionsValidator>();
builder.Services.AddSingleton<PostgresService>().AddHostedService(services => services.GetRequiredService<PostgresService>());
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(9));

var app = builder.Build();
app.MapGet("/alive", () => Results.Ok("alive"));
app.MapGet("/health", async (PostgresService postgres, CancellationToken cancellationToken) =>
    await postgres.ProblemAsync(cancellationToken) is { } problem
        ? Results.Text(problem, statusCode: StatusCodes.Status503ServiceUnavailable)
        : Results.Text("healthy"));
try
{
    await app.RunAsync();
}
catch (OptionsValidationException e)
{
    Console.Error.WriteLine(string.Join(Environment.NewLine, e.Failures));
    return 1;
}
catch (IOException e)
{
    Console.Error.WriteLine($"The health endpoint of PostgreSQL cannot be opened: {e.Message}");
    return 1;
}
return Environment.ExitCode;
