using System.Text.Json.Serialization;

namespace Commerce;

/// <summary>The shop says no: a stable code from a concept's closed list, words for a developer, and what a client needs to react.</summary>
public sealed record Refusal(string Code, string Detail)
{
    /// <summary>Extra members of the problem document, such as the lines that are out of stock.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, object?>? Facts { get; init; }
}

/// <summary>What a verb answers: a value, or a refusal.</summary>
public readonly struct Outcome<T>
{
    private readonly T? _value;

    private Outcome(T? value, Refusal? refusal)
    {
        _value = value;
        Refusal = refusal;
    }

    public Refusal? Refusal { get; }

    public bool IsRefused => Refusal is not null;

    /// <summary>The value; throws when the verb refused, which is a bug of the caller.</summary>
    public T Value => Refusal is null ? _value! : throw new InvalidOperationException($"Refused: {Refusal.Code}");

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);
}
