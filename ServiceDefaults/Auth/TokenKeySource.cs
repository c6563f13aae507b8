using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Shabou.ServiceDefaults.Auth;

/// <summary>Reads the key set, by its address or from its file.</summary>
internal sealed class TokenKeySource(IHttpClientFactory clients, IOptions<ServiceTokenOptions> options)
{
    public const string ClientName = "token-keys";

    /// <summary>Of a set of a few keys; a longer answer is no key set.</summary>
    public const int LargestSetBytes = 64 * 1024;

    /// <summary>The signing keys by their kid, at least one.</summary>
    /// <exception cref="InvalidDataException">What was read is no key set, or has no key that can be used.</exception>
    /// <exception cref="HttpRequestException">The address does not answer as it should.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<FrozenDictionary<string, SecurityKey>> ReadAsync(CancellationToken cancellationToken)
    {
        if (options.Value.KeySetAddress is not { } address) return Parse(await File.ReadAllTextAsync(options.Value.KeySet, cancellationToken));
        using var client = clients.CreateClient(ClientName);
        return Parse(await client.GetStringAsync(address, cancellationToken));
    }

    private static FrozenDictionary<string, SecurityKey> Parse(string json)
    {
        try
        {
            var keys = new Dictionary<string, SecurityKey>();
            foreach (var key in new JsonWebKeySet(json).Keys.Where(IsUsable)) keys[key.Kid] = key;
            return keys.Count > 0 ? keys.ToFrozenDictionary() : throw new InvalidDataException("The key set has no ES256 key with a kid.");
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or System.Text.Json.JsonException)
        {
            throw new InvalidDataException("What was read is no JSON Web Key Set.", unreadable);
        }
    }

    private static bool IsUsable(JsonWebKey key) =>
        key is { Kty: JsonWebAlgorithmsKeyTypes.EllipticCurve, Crv: JsonWebKeyECTypes.P256, Kid.Length: > 0, X.Length: > 0, Y.Length: > 0 } && key.Use is null or "" or "sig";
}
