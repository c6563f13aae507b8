using System.ComponentModel.DataAnnotations;

namespace Shabou.Gateway.Identity.Tokens;

/// <summary>How long tokens and the keys that sign them live.</summary>
public sealed class TokenOptions
{
    public const string Section = "Tokens";

    internal const string PublishTooShort = "Tokens:PublishBefore must be at least one minute and shorter than a tenth of Tokens:RotateWithin: services must have read a key before it signs.";

    /// <summary>Claim <c>iss</c>; services expect the same. Default shabou.</summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = "Tokens:Issuer is empty: set it to the same name on gateways and services, or leave it out for 'shabou'.")]
    [StringLength(200, ErrorMessage = "Tokens:Issuer may have 200 characters at most.")]
    public string Issuer { get; set; } = "shabou";

    /// <summary>No key signs longer than this. Its successor is made when three quarters have passed, so that there are weeks to notice
    /// when that fails. Default 90 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00", ErrorMessage = "Tokens:RotateWithin must be from 1 hour to 365 days.")]
    public TimeSpan RotateWithin { get; set; } = TimeSpan.FromDays(90);

    /// <summary>A new key is published this long before it signs; services read the key set every 30 s. Default 10 minutes.</summary>
    public TimeSpan PublishBefore { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often each gateway reads the keys that others may have made. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00", ErrorMessage = "Tokens:ReadEvery must be from 0.1 s to 1 minute.")]
    public TimeSpan ReadEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often each gateway asks which sessions and keys were revoked. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:04", ErrorMessage = "Tokens:RevocationsEvery must be from 0.1 to 4 s: a revocation is promised within 5 s.")]
    public TimeSpan RevocationsEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Life of a person's access token. Default 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00", ErrorMessage = "Tokens:AccessFor must be from 1 minute to 1 hour.")]
    public TimeSpan AccessFor { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Longest life of a token by which a service is told who calls. Default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:30", "00:05:00", ErrorMessage = "Tokens:ForwardFor must be from 30 s to 5 minutes.")]
    public TimeSpan ForwardFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Clocks may differ by this much. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30", ErrorMessage = "Tokens:Skew must be from 0 to 30 s.")]
    public TimeSpan Skew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Verified tokens remembered at most. Default 20,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Tokens:Remembered must be from 1 to 1,000,000.")]
    public int Remembered { get; set; } = 20_000;

    internal bool PublishesLongEnough => PublishBefore >= TimeSpan.FromMinutes(1) && PublishBefore < RotateWithin / 10;

    /// <summary>The age at which a key's successor is made.</summary>
    internal TimeSpan RenewAge => RotateWithin * 0.75;

    /// <summary>How long a key is still believed after another took over: until its last token has expired, on any clock.</summary>
    internal TimeSpan Afterlife => AccessFor + (2 * Skew);
}
