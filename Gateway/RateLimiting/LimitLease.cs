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

    private readonly Standing _standing;
    private readonly bool _cannotSay;

    internal LimitLease(Standing standing, WithoutRedis withoutRedis)
    {
        _standing = standing;
        _cannotSay = standing.Degraded && withoutRedis == WithoutRedis.Refuse;
        IsAcquired = standing.Count.Allowed && !_cannotSay;
    }

    private LimitLease(bool allowed) => IsAcquired = allowed;

    public override bool IsAcquired { get; }

    public override IEnumerable<string> MetadataNames => [MetadataName.RetryAfter.Name];

    public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
    {
        metadata = metadataName == MetadataName.RetryAfter.Name ? _standing.Count.RetryIn : null;
        return metadata is not null;
    }

    /// <summary>Headers of draft-ietf-httpapi-ratelimit-headers: the quota, what remains of it (r) and the seconds until it is whole (t).
    /// A request that is counted twice, as of a network and of an account, gets two of each.</summary>
    internal void Announce(IHeaderDictionary headers)
    {
        var (culture, name, quota, count) = (CultureInfo.InvariantCulture, _standing.Policy, _standing.Quota, _standing.Count);
        headers.Append("RateLimit-Policy", string.Create(culture, $"\"{name}\";q={quota.Requests};w={quota.Window.TotalSeconds:0}"));
        headers.Append("RateLimit", string.Create(culture, $"\"{name}\";r={count.Remaining};t={Seconds(count.FullIn)}"));
        if (_standing.Degraded)
            headers["RateLimit-Degraded"] = "?1"; // a structured boolean: counted by this gateway alone
    }

    internal ValueTask RefuseAsync(IProblemDetailsService problems, HttpContext http)
    {
        if (_cannotSay)
            return problems.RefuseAsync(http, ProblemTypes.ServiceUnavailable,
                "The shared rate limiter does not answer, so nothing expensive is started. Other requests work; try this one again later.", retryAfter: 10);
        var whom = _standing.Policy switch
        {
            RateLimits.Guessing => "with a credential that is not valid, for each network",
            RateLimits.Login => "for each network",
            AccountLimits.Announced => "for each account",
            _ => "for each client",
        };
        return problems.RefuseAsync(http, ProblemTypes.RateLimited,
            string.Create(CultureInfo.InvariantCulture, $"The limit \"{_standing.Policy}\" is {_standing.Quota.Requests} requests in {_standing.Quota.Window.TotalSeconds:0} s {whom}. Wait for the seconds in Retry-After."),
            retryAfter: Seconds(_standing.Count.RetryIn));
    }

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);
}
