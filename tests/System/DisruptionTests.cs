using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Tests.System;

/// <summary>What is pressed on the dashboard when something has gone wrong; on a stack of its own, because it breaks what the others work with.</summary>
public sealed class DisruptionTests(DisruptionTests.OwnStack own, Browser browser) : IClassFixture<DisruptionTests.OwnStack>, IClassFixture<Browser>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly HttpClient _client = new() { BaseAddress = own.Stack.Shop, Timeout = TimeSpan.FromSeconds(60) };

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task The_reset_button_deletes_what_the_shop_remembers_and_fills_it_anew()
    {
        var basket = await ABasketAsync();

        var answer = await PressAsync("postgres", "reset-data");
        Assert.True(answer.Success, answer.Message);
        await HealthyAsync("api");

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(basket));
        var products = await _client.GetFromJsonAsync<JsonElement>("/api/v1/products?limit=1");
        Assert.Equal(1, products.GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("redis")]
    public async Task A_killed_data_server_is_shown_and_its_start_button_brings_it_back_on_the_same_port_with_its_data(string server)
    {
        var basket = await ABasketAsync();
        await HealthyAsync(server);
        var page = await SignedInAsync();
        var port = own.Stack.App.GetEndpoint(server, "tcp").Port;

        using (var process = Process.GetProcessById(await ProcessOfAsync(server)))
            process.Kill();

        using var limit = new CancellationTokenSource(Patience);
        await own.Stack.App.ResourceNotifications.WaitForResourceAsync(server, KnownResourceStates.Exited, limit.Token);
        if (server == "postgres")
        {
            using var meanwhile = await _client.GetAsync(basket);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, meanwhile.StatusCode);
            Assert.Equal("application/problem+json", meanwhile.Content.Headers.ContentType?.MediaType);
        }
        else
        {
            await page.ReloadAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
            await page.WaitForURLAsync(own.Stack.Shop.ToString());
            Assert.DoesNotContain(await page.Context.CookiesAsync(), cookie => cookie.Name == "session");
        }

        Assert.True((await PressAsync(server, KnownResourceCommands.StartCommand)).Success);
        await HealthyAsync(server);
        await HealthyAsync("api");
        await HealthyAsync("worker");

        Assert.Equal(port, own.Stack.App.GetEndpoint(server, "tcp").Port);
        for (var clock = Stopwatch.StartNew(); await StatusAsync(basket) != HttpStatusCode.OK; await Task.Delay(500))
            Assert.True(clock.Elapsed < Patience, $"The basket does not come back: {await StatusAsync(basket)}.");
    }

    [Theory]
    [InlineData("api", "/api/v1/products?limit=1")]
    [InlineData("frontend", "/about")]
    public async Task A_killed_service_is_a_503_at_once_and_its_start_button_brings_it_back_on_the_same_port(string service, string path)
    {
        await HealthyAsync(service);
        var port = own.Stack.App.GetEndpoint(service, "http").Port;
        using (var process = Process.GetProcessById(await ProcessOfAsync(service)))
            process.Kill(entireProcessTree: true);
        using var limit = new CancellationTokenSource(Patience);
        await own.Stack.App.ResourceNotifications.WaitForResourceAsync(service, KnownResourceStates.TerminalStates, limit.Token);

        // Within the limit of the edge's own silence, not after it: refused, not timed out.
        using var meanwhile = await _client.GetAsync(path);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, meanwhile.StatusCode);
        if (service == "api")
        {
            using var page = await _client.GetAsync("/products");
            Assert.Equal(HttpStatusCode.InternalServerError, page.StatusCode);
            Assert.Equal("edge.page-failed", (await page.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        }

        Assert.True((await PressAsync(service, KnownResourceCommands.StartCommand)).Success);
        await HealthyAsync(service);
        Assert.Equal(port, own.Stack.App.GetEndpoint(service, "http").Port);
        for (var clock = Stopwatch.StartNew(); await StatusAsync(new Uri(path, UriKind.Relative)) != HttpStatusCode.OK; await Task.Delay(500))
            Assert.True(clock.Elapsed < Patience, $"{service} does not come back: {await StatusAsync(new Uri(path, UriKind.Relative))}.");
    }

    private async Task<Uri> ABasketAsync()
    {
        using var created = await _client.PostAsync("/api/v1/baskets", content: null);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return created.Headers.Location!;
    }

    /// <summary>The account's page of somebody who has just opened it.</summary>
    private async Task<IPage> SignedInAsync()
    {
        var page = await browser.NewPageAsync();
        await page.GotoAsync(new Uri(own.Stack.Shop, "register").ToString());
        await page.GetByLabel("Email").FillAsync($"{Guid.NewGuid():N}@example.com");
        await page.GetByLabel("Password").FillAsync("grain of the third print");
        await page.GetByRole(AriaRole.Button, new() { Name = "Open the account" }).ClickAsync();
        await page.WaitForURLAsync("**/account");
        Assert.Contains(await page.Context.CookiesAsync(), cookie => cookie.Name == "session");
        return page;
    }

    private async Task<HttpStatusCode> StatusAsync(Uri address)
    {
        using var answer = await _client.GetAsync(address);
        return answer.StatusCode;
    }

    private Task<ExecuteCommandResult> PressAsync(string resource, string command) =>
        own.Stack.App.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(resource, command);

    private async Task HealthyAsync(string resource)
    {
        using var limit = new CancellationTokenSource(Patience);
        await own.Stack.App.ResourceNotifications.WaitForResourceHealthyAsync(resource, limit.Token);
    }

    private async Task<int> ProcessOfAsync(string resource)
    {
        using var limit = new CancellationTokenSource(Patience);
        var running = await own.Stack.App.ResourceNotifications.WaitForResourceAsync(
            resource, happened => happened.Snapshot.Properties.Any(property => property.Name == "executable.pid"), limit.Token);
        var value = running.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value;
        return Convert.ToInt32(value, CultureInfo.InvariantCulture);
    }

    /// <summary>Starts once the shared stack is up, which has fetched, built and rendered everything.</summary>
    public sealed class OwnStack(Stack shared) : IAsyncLifetime
    {
        public Stack Stack { get; } = new();

        public ValueTask InitializeAsync()
        {
            Assert.NotNull(shared.Shop);
            return Stack.InitializeAsync();
        }

        public ValueTask DisposeAsync() => Stack.DisposeAsync();
    }
}
