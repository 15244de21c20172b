using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using ServiceDefaults;

namespace Tests.ServiceDefaultsTests;

public sealed class HealthTests
{
    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Ready_and_live_answer_in_every_environment_and_need_nobody_to_sign_in(string environment)
    {
        await using var service = await StartAsync(environment, dependency: HealthCheckResult.Healthy());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(service, "/health"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(service, "/alive"));
    }

    [Fact]
    public async Task A_service_whose_dependency_is_gone_is_not_ready_but_lives()
    {
        await using var service = await StartAsync("Production", dependency: HealthCheckResult.Unhealthy("the database is gone"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(service, "/health"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(service, "/alive"));
    }

    private static async Task<WebApplication> StartAsync(string environment, HealthCheckResult dependency)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults();
        builder.Services.AddHealthChecks().AddCheck("dependency", () => dependency);
        builder.Services.AddAuthentication().AddCookie();
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        var service = builder.Build();
        service.UseAuthorization();
        service.MapDefaultEndpoints();
        await service.StartAsync();
        return service;
    }

    private static async Task<HttpStatusCode> StatusAsync(WebApplication service, string path)
    {
        using var client = new HttpClient { BaseAddress = new Uri(service.Urls.First()) };
        using var answer = await client.GetAsync(path);
        return answer.StatusCode;
    }
}
