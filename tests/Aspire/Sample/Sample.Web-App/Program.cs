using System.Collections;

var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/", () => $"process {Environment.ProcessId}");
app.MapGet("/health", () => Results.Ok());
app.MapGet("/environment", () => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value));
app.MapGet("/folder", () => Environment.CurrentDirectory);
app.MapPost("/exit/{code:int}", (int code) => Environment.Exit(code));
app.Run();
