using System.ComponentModel.DataAnnotations;

namespace Shabou.PlacesSimulator.Access;

/// <summary>The simulator's key and quotas. The defaults of the quotas are Google's for Text Search.</summary>
public sealed class PlacesOptions
{
    public const string Section = "Places";

    /// <summary>The one key that callers must send in X-Goog-Api-Key. No default: without it the simulator does not start.</summary>
    [Required(ErrorMessage = "Places:ApiKey is not set: give the simulator the key that its callers will send.")]
    public string ApiKey { get; set; } = "";

    /// <summary>Calls a minute for each method.</summary>
    [Range(1, 1_000_000)]
    public int CallsPerMinute { get; set; } = 600;

    /// <summary>Calls a day (America/Los_Angeles) for each method.</summary>
    [Range(1, 10_000_000)]
    public int CallsPerDay { get; set; } = 75_000;

    /// <summary>Decides which calls and places the faults for tests meet when they are to meet a share of them.</summary>
    public int Seed { get; set; } = 1;
}
