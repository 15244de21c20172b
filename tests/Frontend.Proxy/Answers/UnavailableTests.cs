using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Tests.Answers;

public class UnavailableTests
{
    [Fact]
    public async Task A_person_gets_a_page_with_the_trace_id_when_the_storefront_is_down()
    {
        await using var edge = await DownAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/products/tide-lines");
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
        using var answer = await edge.Client.SendAsync(request);
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter?.Delta);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Contains("the storefront behind it is not answering", page, StringComparison.Ordinal);
        Assert.Contains(answer.Headers.GetValues("traceresponse").Single().Split('-')[1], page, StringComparison.Ordinal);
        Assert.Contains("http-equiv=\"refresh\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_answers_a_form_does_not_reload_itself()
    {
        await using var edge = await DownAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/checkout") { Content = new StringContent("a=b") };
        request.Headers.Accept.ParseAdd("text/html");
        using var answer = await edge.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.DoesNotContain("http-equiv=\"refresh\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/products", "text/html")]
    [InlineData("/webhooks/stripe", "*/*")]
    [InlineData("/products/tide-lines", "*/*")]
    public async Task A_program_gets_a_problem_document(string path, string accepts)
    {
        await using var edge = await DownAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accepts);
        using var answer = await edge.Client.SendAsync(request);

        var problem = await ProblemOf(answer, HttpStatusCode.ServiceUnavailable, "edge.unavailable");
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter?.Delta);
        Assert.Equal(path, problem.GetProperty("instance").GetString());
        Assert.Equal(answer.Headers.GetValues("traceresponse").Single().Split('-')[1], problem.GetProperty("traceId").GetString());
    }

    [Fact]
    public async Task A_destination_that_says_nothing_is_a_time_out()
    {
        await using var edge = new Edge { Settings = { ["Edge:SilenceLimit"] = "00:00:01" } };
        await edge.InitializeAsync();
        edge.Api.Answer = context => Task.Delay(TimeSpan.FromSeconds(30), context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        using var answer = await edge.Client.GetAsync("/api/v1/products");

        await ProblemOf(answer, HttpStatusCode.GatewayTimeout, "edge.timeout");
    }

    [Fact]
    public async Task A_destination_that_hangs_up_is_unavailable_and_works_again_when_it_is_back()
    {
        await using var edge = new Edge();
        await edge.InitializeAsync();
        edge.Api.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        using var answer = await edge.Client.GetAsync("/api/v1/products");
        await ProblemOf(answer, HttpStatusCode.ServiceUnavailable, "edge.unavailable");

        edge.Api.Answer = context => context.Response.WriteAsync("back");
        Assert.Equal("back", await edge.Client.GetStringAsync("/api/v1/products"));
    }

    [Fact]
    public async Task What_a_destination_refuses_itself_is_passed_on_as_it_is()
    {
        await using var edge = new Edge();
        await edge.InitializeAsync();
        edge.Api.Answer = context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return context.Response.WriteAsync("the api's own words");
        };
        using var answer = await edge.Client.GetAsync("/api/v1/products");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("the api's own words", await answer.Content.ReadAsStringAsync());
    }

    private static async Task<Edge> DownAsync()
    {
        var edge = new Edge();
        await edge.InitializeAsync();
        await edge.Api.DisposeAsync();
        await edge.Frontend.DisposeAsync();
        return edge;
    }

    private static async Task<JsonElement> ProblemOf(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal((code, $"urn:problem:{code}"), (problem.GetProperty("code").GetString(), problem.GetProperty("type").GetString()));
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        return problem;
    }
}
