using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shabou.ProspectorService.Leads;

/// <summary>A member of a PATCH: left out, it changes nothing; null empties.</summary>
[JsonConverter(typeof(ChangeConverter))]
internal readonly record struct Change<T>(T? Value)
{
    public bool IsSet { get; init; } = true;

    /// <summary>The new value, or the old one when it was left out.</summary>
    public T? Over(T? old) => IsSet ? Value : old;
}

internal sealed class ChangeConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Change<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Of<T> : JsonConverter<Change<T>>
    {
        public override bool HandleNull => true;

        public override Change<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(JsonSerializer.Deserialize<T>(ref reader, options));

        public override void Write(Utf8JsonWriter writer, Change<T> value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value.Value, options);
    }
}
