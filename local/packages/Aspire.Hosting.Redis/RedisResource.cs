namespace Aspire.Hosting.ApplicationModel;

/// <summary>A Redis server in a container.</summary>
/// <param name="name">Unique name.</param>
/// <param name="password">Its password.</param>
public class RedisResource(string name, ParameterResource password) : ContainerResource(name), IResourceWithConnectionString
{
    internal const string EndpointName = "tcp";

    /// <summary>The port it listens on.</summary>
    public EndpointReference PrimaryEndpoint => new(this, EndpointName);

    /// <summary>Its password.</summary>
    public ParameterResource? PasswordParameter { get; } = password;

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)},password={PasswordParameter!}");

    internal bool Persists { get; set; }
}
