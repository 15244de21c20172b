using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Api.Document;

/// <summary>
/// Lists in requests have no null in them, and no list within them has one: JSON's own rule for nullable references ends at the property itself, and <c>[null]</c> would
/// come in as a thing that is not there.
/// </summary>
internal static class NoNullItems
{
    public static void Refuse(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.Type.Assembly != typeof(NoNullItems).Assembly) return;
        var lists = type.Properties.Where(p => p.Get is not null && p.PropertyType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(p.PropertyType)).ToList();
        if (lists.Count == 0) return;
        type.OnDeserialized = read =>
        {
            foreach (var list in lists)
                if (list.Get!(read) is IEnumerable items && HoldsNull(items)) throw new JsonException($"'{list.Name}' has a null in it.");
        };
    }

    /// <summary>A dictionary is what it leads to: <c>{"custom.paper": ["Cotton rag"]}</c>.</summary>
    private static bool HoldsNull(IEnumerable items) =>
        (items is IDictionary dictionary ? dictionary.Values : items).Cast<object?>().Any(item => item is null || (item is not string && item is IEnumerable more && HoldsNull(more)));
}
