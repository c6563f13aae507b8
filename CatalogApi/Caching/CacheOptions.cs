using System.ComponentModel.DataAnnotations;

namespace Shabou.CatalogApi.Caching;

/// <summary>How much of what is read often is kept, and for how long. Section <c>Catalog:Cache</c>.</summary>
internal sealed class CacheOptions
{
    public const string Section = "Catalog:Cache";

    /// <summary>What all keys in Redis begin with; replicas of one shop have the same, two shops on one Redis do not. Default shabou:catalog.</summary>
    [Required, StringLength(100, MinimumLength = 1)] public string Prefix { get; set; } = "shabou:catalog";

    /// <summary>Answers kept in this process, in megabytes. Default 64.</summary>
    [Range(1, 4096)] public int LocalMegabytes { get; set; } = 64;

    /// <summary>How long an answer is kept unless it changes; each for 80 to 120 % of it, so that they do not all end together. Default 60 s.
    /// It also bounds how long a write could stay unseen if its process died between commit and notice.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")] public TimeSpan TimeToLive { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long Redis may take before a request goes to the database instead. Default 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:05")] public TimeSpan RedisTimeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long Redis is left alone after it failed. Default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")] public TimeSpan RetryAfter { get; set; } = TimeSpan.FromMilliseconds(500);
}
