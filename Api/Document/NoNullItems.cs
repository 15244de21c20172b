using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Api.Document;

/// <summary>
/// Lists in requests have no null in them: JSON's own rule for nullable references ends at the list itself, and <c>[null]</c> would come in as a
/// thing that is not there.
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
                if (list.Get!(read) is IEnumerable items && items.Cast<object?>().Contains(null)) throw new JsonException($"'{list.Name}' has a null in it.");
        };
    }
}
