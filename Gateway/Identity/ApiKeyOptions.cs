using System.ComponentModel.DataAnnotations;

namespace Shabou.Gateway.Identity;

/// <summary>How long what the database said about a key holds. Revocations are asked for apart, every Tokens:RevocationsEvery.</summary>
public sealed class ApiKeyOptions
{
    public const string Section = "ApiKeys";

    /// <summary>A key that was found is not looked up again for this long. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00", ErrorMessage = "ApiKeys:FreshFor must be from 0 to 5 minutes.")]
    public TimeSpan FreshFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>While the database is away, a key that was found within this time keeps working. Default 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ErrorMessage = "ApiKeys:UsableFor must be from 0 to one day.")]
    public TimeSpan UsableFor { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>A key that was not found is not looked up again for this long. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ErrorMessage = "ApiKeys:UnknownFor must be from 0 to 1 minute.")]
    public TimeSpan UnknownFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The database gets this long to answer. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30", ErrorMessage = "ApiKeys:Patience must be from 0.1 to 30 s.")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the database learns when keys were last used. Default 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "ApiKeys:UseWrittenEvery must be from 1 s to 1 hour.")]
    public TimeSpan UseWrittenEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Keys remembered at most, found and unknown ones apart. Default 10,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "ApiKeys:Remembered must be from 1 to 1,000,000.")]
    public int Remembered { get; set; } = 10_000;
}
