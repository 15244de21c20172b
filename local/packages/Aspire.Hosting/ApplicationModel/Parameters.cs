using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value given from outside the model.</summary>
public class ParameterResource : Resource, IExpressionValue
{
    private readonly Lazy<string> _value;

    internal ParameterResource(string name, Func<string> callback, bool secret)
        : base(name)
    {
        _value = new Lazy<string>(callback);
        Secret = secret;
    }

    /// <summary>Masked wherever it is shown.</summary>
    public bool Secret { get; }

    /// <summary>What the parameter is for.</summary>
    public string? Description { get; set; }

    /// <inheritdoc />
    public string ValueExpression => $"{{{Name}.value}}";

    internal string Resolved => _value.Value;

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => ValueTask.FromResult<string?>(_value.Value);

    internal static string FromConfiguration(IConfiguration configuration, string name, Func<string>? fallback)
    {
        var key = $"Parameters:{name}";
        return configuration[key]
            ?? fallback?.Invoke()
            ?? throw new DistributedApplicationException($"Parameter '{name}' has no value: set '{key}' in the AppHost's configuration.");
    }
}
