using System.Globalization;
using Shabou.Gateway.Problems;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.RateLimiting;

/// <summary>What the limiter decided about one request, and how the client is told.</summary>
internal readonly struct LimitLease
{
    private readonly Standing _standing;
    private readonly bool _cannotSay;

    internal LimitLease(Standing standing, WithoutRedis withoutRedis)
    {
        _standing = standing;
        _cannotSay = standing.Degraded && withoutRedis == WithoutRedis.Refuse;
    }

    /// <summary>Whether the request may go on.</summary>
    internal bool IsAcquired => _standing.Count.Allowed && !_cannotSay;

    /// <summary>The limit by which it was decided, as answers say it.</summary>
    internal string Policy => _standing.Policy;

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

    /// <summary>Before the answer is cleared for the problem that an exception becomes: what was announced is said there too.</summary>
    internal static void KeepAnnounced(HttpResponse response)
    {
        if (response.HasStarted) return;
        var announced = response.Headers.Where(header => header.Key.StartsWith("RateLimit", StringComparison.OrdinalIgnoreCase)).ToList();
        response.OnStarting(() =>
        {
            foreach (var (name, value) in announced) response.Headers.TryAdd(name, value);
            return Task.CompletedTask;
        });
    }

    internal ValueTask RefuseAsync(IProblemDetailsService problems, HttpContext http)
    {
        if (_cannotSay)
            return problems.RefuseAsync(http, ProblemTypes.ServiceUnavailable,
                "The shared rate limiter does not answer, so nothing expensive is started. Other requests work; try this one again later.", retryAfter: 10);
        var whom = _standing.Policy switch
        {
            RateLimits.Guessing => "with a credential that is not valid, for each network",
            RateLimits.Login or RateLimits.Refresh => "for each network",
            AccountLimits.Announced => "for each account",
            _ => "for each client",
        };
        return problems.RefuseAsync(http, ProblemTypes.RateLimited,
            string.Create(CultureInfo.InvariantCulture, $"The limit \"{_standing.Policy}\" is {_standing.Quota.Requests} requests in {_standing.Quota.Window.TotalSeconds:0} s {whom}. Wait for the seconds in Retry-After."),
            retryAfter: Seconds(_standing.Count.RetryIn));
    }

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);
}
