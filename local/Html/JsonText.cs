using System.Text.Json;
using System.Text.Json.Nodes;

namespace Local.Web;

/// <summary>JSON as it came.</summary>
internal static class JsonText
{
    /// <returns>Null when it is no JSON object that names nothing twice and can be read to its last text.</returns>
    public static JsonObject? ReadObject(string text)
    {
        try
        {
            var read = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
            // Texts are decoded only when they are read: half of a surrogate pair is found here.
            read?.ToJsonString();
            return read;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
