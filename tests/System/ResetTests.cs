using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Tests.System;

/// <summary>The dashboard's button that starts the shop over; on a stack of its own, because it deletes what the others work with.</summary>
public sealed class ResetTests(Stack shared)
{
    [Fact]
    public async Task The_reset_button_deletes_what_the_shop_remembers_and_fills_it_anew()
    {
        Assert.NotNull(shared.Shop);
        await using var stack = new Stack();
        await stack.InitializeAsync();
        using var client = new HttpClient { BaseAddress = stack.Shop };
        using var created = await client.PostAsync("/api/v1/baskets", content: null);
        var basket = created.Headers.Location!;
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(basket)).StatusCode);

        var commands = stack.App.Services.GetRequiredService<ResourceCommandService>();
        var answer = await commands.ExecuteCommandAsync("postgres", "reset-data");
        Assert.True(answer.Success, answer.Message);
        await stack.App.ResourceNotifications.WaitForResourceHealthyAsync("api");

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(basket)).StatusCode);
        var products = await client.GetFromJsonAsync<JsonElement>("/api/v1/products?limit=1");
        Assert.Equal(1, products.GetProperty("items").GetArrayLength());
    }
}
