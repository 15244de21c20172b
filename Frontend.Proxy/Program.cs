using Frontend.Proxy.Answers;
using Frontend.Proxy.Media;
using Frontend.Proxy.Routes;
using ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddEdgeTrace();
builder.AddEdgeLimits();
builder.AddEdgeRoutes();
builder.AddMedia();
builder.AddTextCompression();

var app = builder.Build();

app.UseEdgeTrace();
app.UseSecurityHeaders();
app.UseOurOwnErrors();
app.UseOutsideHeadersStripped();
app.UseResponseCompression();

app.MapDefaultEndpoints();
app.MapMedia();
app.MapEdgeRoutes();

app.Run();
