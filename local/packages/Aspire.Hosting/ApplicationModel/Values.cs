namespace Aspire.Hosting.ApplicationModel;

/// <summary>Who asks for a value.</summary>
public class ValueProviderContext
{
    /// <summary>The resource the value is for.</summary>
    public IResource? Caller { get; init; }

    /// <summary>How the application is being run.</summary>
    public DistributedApplicationExecutionContext? ExecutionContext { get; init; }
}

/// <summary>Something that becomes text when the application runs.</summary>
public interface IValueProvider
{
    /// <summary>The value, once known.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The text, or null when there is none.</returns>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);

    /// <summary>The value as one resource sees it.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The text, or null when there is none.</returns>
    ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) => GetValueAsync(cancellationToken);
}

/// <summary>Something a deployment manifest can mention.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The expression, in braces.</summary>
    string ValueExpression { get; }
}

/// <summary>A value that can stand in an expression.</summary>
public interface IExpressionValue : IValueProvider, IManifestExpressionProvider;

/// <summary>A value made of others.</summary>
public interface IValueWithReferences
{
    /// <summary>What it is made of.</summary>
    IEnumerable<object> References { get; }
}

internal static class ValueReferences
{
    /// <summary>Every resource a value leads to, itself included.</summary>
    public static IEnumerable<IResource> Resources(object value)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<object>([value]);
        while (open.TryPop(out var current))
        {
            if (!seen.Add(current))
                continue;

            if (current is IResource resource)
                yield return resource;

            if (current is not IValueWithReferences composite)
                continue;

            foreach (var reference in composite.References)
                open.Push(reference);
        }
    }
}
