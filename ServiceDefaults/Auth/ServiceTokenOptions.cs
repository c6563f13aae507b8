using System.ComponentModel.DataAnnotations;

namespace Shabou.ServiceDefaults.Auth;

/// <summary>Whose tokens a service believes: section <c>Tokens</c>, the same in every service.</summary>
internal sealed class ServiceTokenOptions
{
    public const string Section = "Tokens";

    private const string GatewaysOwn = "https+http://gateway/.well-known/jwks.json";

    /// <summary>Must be the <c>iss</c> of every token.</summary>
    public string Issuer { get; set; } = "shabou";

    /// <summary>Where the public keys are: an address, or the path of a JSON file. Default: the gateway, found by its name.</summary>
    public string KeySet { get; set; } = GatewaysOwn;

    /// <summary>How often the keys are read again, give or take a tenth. A key must be published for longer than this before it signs.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "Tokens:KeySetEvery must be 1 second to 10 minutes.")]
    public TimeSpan KeySetEvery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many verified tokens are remembered at most, each about 1 KB, so that a signature is checked once for each token.</summary>
    [Range(100, 1_000_000, ErrorMessage = "Tokens:Remembered must be 100 to 1,000,000.")]
    public int Remembered { get; set; } = 10_000;

    /// <summary>The address of the keys; null when they are in a file.</summary>
    public Uri? KeySetAddress => KeySet.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(KeySet, UriKind.Absolute, out var address) ? address : null;

    /// <summary>Null when the options can be used, else one sentence that names the key and the remedy.</summary>
    public string? Objection()
    {
        if (string.IsNullOrWhiteSpace(Issuer)) return "Tokens:Issuer is empty: name the issuer of the gateway's tokens, or leave it out for 'shabou'.";
        if (string.IsNullOrWhiteSpace(KeySet)) return $"Tokens:KeySet is empty: give the address or the file of the gateway's key set, or leave it out for {GatewaysOwn}.";
        if (KeySetAddress is { } address) return IsPrivateWay(address) ? null : "Tokens:KeySet is not an address by which keys can be trusted: use https, https+http with a service's name, or the path of a file.";
        return KeySet.Contains("://", StringComparison.Ordinal) ? "Tokens:KeySet is no valid address: use https://…/.well-known/jwks.json, or the path of a file."
            : File.Exists(KeySet) ? null
            : $"Tokens:KeySet names the file '{KeySet}', which does not exist: put the gateway's key set there, or give its address.";
    }

    // Who can change the keys on their way can sign as anybody.
    private static bool IsPrivateWay(Uri address) => address.Scheme is "https" or "https+http" || (address.Scheme == "http" && address.IsLoopback);
}
