using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shabou.ServiceDefaults.Secrets;

/// <summary>A value that prints as <c>***</c> wherever it ends up: in a log line, an exception, JSON, a debugger. Options bind to it from text.</summary>
[DebuggerDisplay("***")]
[TypeConverter(typeof(FromText))]
[JsonConverter(typeof(AsMask))]
public sealed class Secret : IEquatable<Secret>, IFormattable
{
    private const string Mask = "***";

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _value;

    /// <exception cref="ArgumentException">There is nothing to keep secret.</exception>
    public Secret(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        _value = value;
    }

    /// <summary>In characters.</summary>
    public int Length => _value.Length;

    /// <summary>The value itself, for the one place that needs it.</summary>
    public string Reveal() => _value;

    public override string ToString() => Mask;

    public string ToString(string? format, IFormatProvider? formatProvider) => Mask;

    /// <summary>In a time that tells nothing about where two values differ.</summary>
    public bool Equals(Secret? other) => other is not null && CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(_value)), SHA256.HashData(Encoding.UTF8.GetBytes(other._value)));

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => 0; // one that depended on the value would tell about it

    /// <summary>How configuration becomes a secret. Empty text is no secret: null.</summary>
    private sealed class FromText : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => value is string { Length: > 0 } text ? new Secret(text) : null;
    }

    private sealed class AsMask : JsonConverter<Secret>
    {
        public override Secret? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString() is { Length: > 0 } text ? new(text) : null;

        public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) => writer.WriteStringValue(Mask);
    }
}
