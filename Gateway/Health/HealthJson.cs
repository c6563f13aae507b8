using System.Text.Json.Serialization;

namespace Shabou.Gateway.Health;

/// <summary>Statuses as words.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(int)), JsonSerializable(typeof(long)), JsonSerializable(typeof(double)), JsonSerializable(typeof(decimal)), JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(TimeSpan)), JsonSerializable(typeof(DateTimeOffset)), JsonSerializable(typeof(DateOnly))]
internal sealed partial class HealthJson : JsonSerializerContext;
