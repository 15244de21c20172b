using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

var builder = DistributedApplication.CreateBuilder(args);

var web = builder.AddProject<Projects.Sample_Web_App>("web", options => options.ExcludeLaunchProfile = true)
    .WithHttpEndpoint(port: builder.Configuration.GetValue<int?>("Sample:WebPort"))
    .WithHttpHealthCheck("/health")
    .WithExternalHttpEndpoints()
    .WithHttpCommand("/exit/7", "Exit")
    .WithCommand("greet", "Greet", context =>
    {
        context.Logger.LogInformation("Hello from a button");
        return Task.FromResult(CommandResults.Success("Hello"));
    });

var word = builder.AddParameter("word", () => "sesame", secret: true);
var connection = builder.AddConnectionString("shop", ReferenceExpression.Create(
    $"Host={web.GetEndpoint("http").Property(EndpointProperty.IPV4Host)};Port={web.GetEndpoint("http").Property(EndpointProperty.Port)};Password={word}"));

builder.AddExecutable("job", "sh", ".", "-c", "echo job says $ConnectionStrings__shop; exit 0")
    .WithReference(connection)
    .WithReference(web)
    .WaitFor(web);

builder.AddExecutable("bad", "sh", ".", "-c", "echo about to fail; exit 3")
    .WithExplicitStart();

builder.AddExecutable("after-bad", "sh", ".", "-c", "exit 0")
    .WithExplicitStart()
    .WaitForCompletion(builder.CreateResourceBuilder(builder.Resources.Single(resource => resource.Name == "bad")));

// Starts a process that loses its parent at once, and stays itself: both sleep for the given number of seconds.
if (builder.Configuration["Sample:Sleep"] is { } seconds)
    builder.AddExecutable("forgetful", "sh", ".", "-c", $"(sleep {seconds} &) ; sleep {seconds}");

builder.Build().Run();
