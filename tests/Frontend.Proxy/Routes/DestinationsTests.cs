using Frontend.Proxy.Routes;
using Microsoft.Extensions.Configuration;

namespace Tests.Routes;

public class DestinationsTests
{
    [Fact]
    public void Several_instances_become_several_destinations()
    {
        var found = Destinations.Of("api", Configured(("services:api:http:0", "http://localhost:5001"), ("services:api:http:1", "http://localhost:5002")));

        Assert.Equal(["http://localhost:5001", "http://localhost:5002"], found.Values.Select(destination => destination.Address));
    }

    [Fact]
    public void Https_is_used_where_it_is_offered()
    {
        var found = Destinations.Of("api", Configured(("services:api:http:0", "http://localhost:5001"), ("services:api:https:0", "https://localhost:5003")));

        Assert.Equal("https://localhost:5003", Assert.Single(found).Value.Address);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_missing_address_is_an_error_that_names_the_setting(string? address)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Destinations.Of("frontend", Configured(("services:frontend:http:0", address))));

        Assert.Contains("'frontend'", error.Message, StringComparison.Ordinal);
        Assert.Contains("services__frontend__http__0", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:5001")]
    [InlineData("ftp://localhost")]
    [InlineData("/api")]
    public void What_is_no_http_address_is_an_error_that_quotes_it(string address)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Destinations.Of("api", Configured(("services:api:http:0", address))));

        Assert.StartsWith($"services__api__http__0 is '{address}'", error.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Configured(params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value)).Build();
}
