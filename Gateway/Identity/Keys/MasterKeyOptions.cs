namespace Shabou.Gateway.Identity.Keys;

/// <summary>The secret under which everything else lies in the database. No default: without it the gateway does not start.</summary>
public sealed class MasterKeyOptions
{
    public const string Section = "Identity";
    public const int ShortestKey = 32;

    internal const string Missing =
        "Identity:MasterKey is missing or shorter than 32 characters: give every gateway the same random secret (environment Identity__MasterKey).";

    internal const string PreviousTooShort = "Identity:PreviousMasterKey is shorter than 32 characters: set it to the master key used before, or leave it out.";

    /// <summary>At least 32 characters, the same on every gateway.</summary>
    public string MasterKey { get; set; } = "";

    /// <summary>The key used before, so that what it sealed can still be read after a change of the master key; else null.</summary>
    public string? PreviousMasterKey { get; set; }
}
