using System.ComponentModel.DataAnnotations;
using Shabou.ServiceDefaults.Secrets;

namespace Shabou.ProspectorService.Places;

/// <summary>How Google Places is reached. Section <c>Places</c>.</summary>
internal sealed class PlacesOptions
{
    public const string Section = "Places";

    /// <summary>Google, or the simulator under its name in service discovery. Default https://places.googleapis.com.</summary>
    [Required]
    public Uri Endpoint { get; set; } = new("https://places.googleapis.com");

    /// <summary>The API key. No default: without it the service does not start.</summary>
    [Required(ErrorMessage = $"{Section}:ApiKey is not set: give the service its Google Places key, or the simulator's.")]
    public Secret? ApiKey { get; set; }

    /// <summary>How long one call may take; then it has failed, and is paid. Default 4 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:30")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>How often one page is tried when answers are errors; each try is paid. Default 3.</summary>
    [Range(1, 10)]
    public int MostAttempts { get; set; } = 3;

    /// <summary>The first pause between tries; it doubles, with full jitter. Default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Backoff { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a minute quota needs to heal. Default 60 seconds, as Google says.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:10:00")]
    public TimeSpan MinuteQuotaPause { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>A larger answer is not read. Default 1 MB; a page of twenty has about 20 kB.</summary>
    [Range(1_000, 10_000_000)]
    public int LargestAnswerBytes { get; set; } = 1_000_000;

    /// <summary>The key travels under TLS only; plain HTTP is for a simulator on this machine, and <c>https+http</c> for a name of service discovery.</summary>
    public bool IsSafe() => Endpoint is { IsAbsoluteUri: true, Scheme: "https" } or { IsAbsoluteUri: true, Scheme: "http", IsLoopback: true }
        || (Endpoint is { IsAbsoluteUri: true, Scheme: "https+http" } && !Endpoint.Host.Contains('.', StringComparison.Ordinal));
}
