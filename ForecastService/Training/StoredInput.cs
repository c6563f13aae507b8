using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Shabou.Forecasting;

namespace Shabou.ForecastService.Training;

/// <summary>What the model was given of a part, as text that is kept with the forecast: read back, it is the same to the bit.</summary>
internal static class StoredInput
{
    // Doubles are written so that they read back exactly; a missing period is "NaN".
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectRequiredConstructorParameters = true,
    };

    public static byte[] Write(PartHistory part) => JsonSerializer.SerializeToUtf8Bytes(part, Json);

    /// <exception cref="JsonException">The text is not an input that this program writes.</exception>
    public static PartHistory Read(string input) => JsonSerializer.Deserialize<PartHistory>(input, Json) ?? throw new JsonException("The input is null.");

    /// <summary>SHA-256 over everything about the parts that a training run depends on, lower-case hex.</summary>
    /// <param name="parts">With their inputs as <see cref="Write"/> gave them, in order.</param>
    public static string Hash(IEnumerable<(PartSeries Part, byte[] Input)> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var (part, input) in parts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{part.Frequency}{part.First}\0"));
            BinaryPrimitives.WriteInt32LittleEndian(length, input.Length);
            hash.AppendData(length);
            hash.AppendData(input);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
