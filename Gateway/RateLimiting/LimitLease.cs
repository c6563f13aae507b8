using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Threading.RateLimiting;
using Shabou.Gateway.Problems;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.RateLimiting;

/// <summary>What the limiter decided about one request, and how the client is told.</summary>
internal sealed class LimitLease : RateLimitLease
{
    /// <summary>Costs no quota and says nothing.</summary>
    internal static readonly LimitLease Unlimited = new(allowed: true);

    /// <summary>Not yet counted.</summary>
    internal static readonly LimitLease Undecided = new(allowed: false);

    private readonly string _policy = "";
    private readonly Quota _quota = new();
    private readonly Count _count;
    private readonly bool _degraded;

    internal LimitLease(string policy, Quota quota, Count count, bool degraded)
    {
        (_policy, _quota, _count, _degraded) = (policy, quota, count, degraded);
        IsAcquired = count.Allowed && !CannotSay;
    }

    private LimitLease(bool allowed) => IsAcquired = allowed;

    public override bool IsAcquired { get; }

    public override IEnumerable<string> MetadataNames => [MetadataName.RetryAfter.Name];

    // Expensive work is not started on the word of a limiter that sees only its own gateway.
    private bool CannotSay => _degraded && _policy == RateLimits.Costly;

    public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
    {
        metadata = metadataName == MetadataName.RetryAfter.Name ? _count.RetryIn : null;
        return metadata is not null;
    }

    /// <summary>Headers of draft-ietf-httpapi-ratelimit-headers: the quota, what remains of it (r) and the seconds until it is whole (t).</summary>
    internal void Announce(IHeaderDictionary headers)
    {
        var culture = CultureInfo.InvariantCulture;
        headers["RateLimit-Policy"] = string.Create(culture, $"\"{_policy}\";q={_quota.Requests};w={_quota.Window.TotalSeconds:0}");
        headers["RateLimit"] = string.Create(culture, $"\"{_policy}\";r={_count.Remaining};t={Seconds(_count.FullIn)}");
        if (_degraded)
            headers["RateLimit-Degraded"] = "?1"; // a structured boolean: counted by this gateway alone
    }

    internal ValueTask RefuseAsync(IProblemDetailsService problems, HttpContext http) => CannotSay
        ? problems.RefuseAsync(http, ProblemTypes.ServiceUnavailable,
            "The shared rate limiter does not answer, so nothing expensive is started. Other requests work; try this one again later.", retryAfter: 10)
        : problems.RefuseAsync(http, ProblemTypes.RateLimited,
            string.Create(CultureInfo.InvariantCulture, $"The limit \"{_policy}\" is {_quota.Requests} requests in {_quota.Window.TotalSeconds:0} s for each client. Wait for the seconds in Retry-After."),
            retryAfter: Seconds(_count.RetryIn));

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);
}
