namespace Aspire.Hosting.ApplicationModel;

/// <summary>A PostgreSQL server in a container.</summary>
/// <param name="name">Unique name.</param>
/// <param name="userName">The superuser; postgres when null.</param>
/// <param name="password">Its password.</param>
public class PostgresServerResource(string name, ParameterResource? userName, ParameterResource password) : ContainerResource(name), IResourceWithConnectionString
{
    internal const string EndpointName = "tcp";
    private const string DefaultUser = "postgres";

    /// <summary>The port it listens on.</summary>
    public EndpointReference PrimaryEndpoint => new(this, EndpointName);

    /// <summary>The superuser, when it was chosen.</summary>
    public ParameterResource? UserNameParameter { get; set; } = userName;

    /// <summary>Its password.</summary>
    public ParameterResource PasswordParameter { get; set; } = password;

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"Host={PrimaryEndpoint.Property(EndpointProperty.Host)};Port={PrimaryEndpoint.Property(EndpointProperty.Port)};Username={User};Password={PasswordParameter}");

    internal ReferenceExpression User => UserNameParameter is { } user ? ReferenceExpression.Create($"{user}") : ReferenceExpression.Create($"{DefaultUser}");
}

/// <summary>A database of a PostgreSQL server, created when the server is ready.</summary>
/// <param name="name">Unique name.</param>
/// <param name="databaseName">Name on the server.</param>
/// <param name="postgresParentResource">The server.</param>
public class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource postgresParentResource)
    : Resource(name), IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString
{
    /// <summary>Name on the server.</summary>
    public string DatabaseName { get; } = databaseName;

    /// <summary>The server.</summary>
    public PostgresServerResource Parent { get; } = postgresParentResource;

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent};Database={DatabaseName}");
}
