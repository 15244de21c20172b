using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Api.Document;

/// <summary>A moment says its offset from UTC: without one it would be read in whatever time zone the server happens to be in.</summary>
internal sealed class MomentsWithOffset : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
        var hasOffset = text.EndsWith('Z') || (text.Length > 16 && text[^6] is ('+' or '-') && text[^3] == ':'); // 2026-12-01T09:00+01:00
        return hasOffset && reader.TryGetDateTimeOffset(out var moment) ? moment : throw new JsonException("A moment is a date, a time and an offset from UTC, such as 2026-12-01T09:00:00+01:00.");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

internal static class MomentsInDocument
{
    /// <summary>What a converter writes is unknown to the document, so it is said here.</summary>
    public static OpenApiOptions DescribeMoments(this OpenApiOptions options) => options.AddSchemaTransformer((schema, context, _) =>
    {
        var type = context.JsonTypeInfo.Type;
        if (type != typeof(DateTimeOffset) && type != typeof(DateTimeOffset?)) return Task.CompletedTask;
        schema.Type = type == typeof(DateTimeOffset) ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
        schema.Format = "date-time";
        return Task.CompletedTask;
    });
}
