using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Orchestration;

namespace Tests.Subset;

/// <summary>No engine is needed here: what counts is what the orchestrator is asked for.</summary>
public class ContainerTests
{
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });

    [Fact]
    public async Task PostgreSQL_is_asked_for_with_its_image_volume_port_and_password()
    {
        var password = _builder.AddParameter("password", "sesame", secret: true);
        var server = _builder.AddPostgres("postgres", password: password).WithDataVolume("data");
        var container = await ObjectAsync(server.Resource);
        Assert.Equal("docker.io/library/postgres:18.3", container["spec"]!["image"]!.GetValue<string>());
        Assert.Equal(5432, container["spec"]!["ports"]![0]!["containerPort"]!.GetValue<int>());
        Assert.Equal("""{"type":"volume","source":"data","target":"/var/lib/postgresql","readOnly":false}""", container["spec"]!["volumeMounts"]![0]!.ToJsonString());
        Assert.Contains("""{"name":"POSTGRES_USER","value":"postgres"}""", container["spec"]!["env"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("""{"name":"POSTGRES_PASSWORD","value":"sesame"}""", container["spec"]!["env"]!.ToJsonString(), StringComparison.Ordinal);
        var producer = JsonNode.Parse(container["metadata"]!["annotations"]!["service-producer"]!.GetValue<string>())![0]!;
        Assert.Equal(5432, producer["port"]!.GetValue<int>());
        Assert.Null(producer["address"]);
    }

    [Fact]
    public async Task Redis_takes_its_password_from_the_environment_and_saves_to_its_volume()
    {
        var password = _builder.AddParameter("password", "sesame", secret: true);
        var container = await ObjectAsync(_builder.AddRedis("redis", password: password).WithDataVolume("data").Resource);
        Assert.Equal("/bin/sh", container["spec"]!["command"]!.GetValue<string>());
        Assert.Equal("""["-c","redis-server --requirepass $REDIS_PASSWORD --save 60 1"]""", container["spec"]!["args"]!.ToJsonString());
        Assert.Equal("""[{"name":"REDIS_PASSWORD","value":"sesame"}]""", container["spec"]!["env"]!.ToJsonString());
    }

    [Fact]
    public async Task A_database_is_reached_through_its_server()
    {
        var password = _builder.AddParameter("password", "sesame", secret: true);
        var server = _builder.AddPostgres("postgres", password: password);
        var database = server.AddDatabase("shop");
        var endpoint = server.Resource.PrimaryEndpoint.EndpointAnnotation;
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", 5433);
        IResourceWithConnectionString connection = database.Resource;
        Assert.Equal("Host=localhost;Port=5433;Username=postgres;Password=sesame;Database=shop", await connection.GetConnectionStringAsync());
    }

    [Fact]
    public void Without_an_engine_the_error_names_the_resources_and_the_setting()
    {
        const string Answer = """{"containers":{"runtime":"docker","installed":true,"running":false,"error":"Cannot connect to the Docker daemon"}}""";
        var error = Assert.Throws<DistributedApplicationException>(() => ContainerEngine.Check(Answer, [new ContainerResource("postgres"), new ContainerResource("redis")]));
        Assert.Contains("'postgres' and 'redis'", error.Message, StringComparison.Ordinal);
        Assert.Contains("docker", error.Message, StringComparison.Ordinal);
        Assert.Contains("Local:DataServices=embedded", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_an_engine_there_is_no_error() =>
        ContainerEngine.Check("""{"containers":{"runtime":"podman","installed":true,"running":true}}""", [new ContainerResource("postgres")]);

    private async Task<JsonNode> ObjectAsync(ContainerResource resource)
    {
        var resolved = await ResourceSpec.ResolveAsync(resource, _builder.ExecutionContext, TestContext.Current.CancellationToken);
        return JsonSerializer.SerializeToNode(ResourceSpec.Container(resource, resolved), DcpJson.Options)!;
    }
}
