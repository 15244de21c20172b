using Local.Launcher;
using Local.Redis;
using Microsoft.Extensions.Options;

if (args is ["reset", ..])
    return ResetCommand.Run(args, "Redis", EmbeddedRedis.Reset);

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None).AddFilter("ArgParser", LogLevel.Error);
builder.Services.AddOptions<RedisOptions>().BindConfiguration(RedisOptions.Section).ValidateOnStart();
builder.Services.AddSingleton<IValidateOptions<RedisOptions>, RedisOptionsValidator>();
builder.Services.AddSingleton<RedisService>().AddHostedService(services => services.GetRequiredService<RedisService>());
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(9));

var app = builder.Build();
app.MapGet("/alive", () => Results.Ok("alive"));
app.MapGet("/health", async (RedisService redis, CancellationToken cancellationToken) =>
    await redis.ProblemAsync(cancellationToken) is { } problem
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
    Console.Error.WriteLine($"The health endpoint of Redis cannot be opened: {e.Message}");
    return 1;
}
return Environment.ExitCode;
