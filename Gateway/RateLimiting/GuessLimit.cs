using Microsoft.Extensions.Options;

namespace Shabou.Gateway.RateLimiting;

/// <summary>How often a network may try credentials that are not valid. Whoever brings a valid one never comes near it.</summary>
/// <remarks>A key that this gateway has not seen lately is counted before the database is asked, by <see cref="TryAsync"/>, and the count is
/// given back when the key is found. All else that fails is counted by the limiter, in the round trip that it makes anyway.</remarks>
internal sealed class GuessLimit(SharedCounter counter, IOptions<RateLimitOptions> options)
{
    /// <summary>Counts a try of this network.</summary>
    internal ValueTask<Standing> TryAsync(string network) =>
        counter.CountAsync(RateLimits.Guessing, network, Quota);

    /// <summary>It was no guess.</summary>
    internal void GiveBack(string network) => counter.GiveBack(RateLimits.Guessing, network, Quota);

    /// <summary>The count of a request whose credential failed: the one made before the database was asked, else one made now.</summary>
    internal ValueTask<Standing> StandingAsync(HttpContext http) => http.Features.Get<GuessCount>() is { } counted
        ? new(counted.Standing)
        : counter.CountAsync(RateLimits.Guessing, ClientSubject.OfNetwork(http), Quota);

    private Quota Quota => options.Value.Of(RateLimits.Guessing).Quota;
}

/// <summary>A request's try, counted already.</summary>
internal sealed record GuessCount(Standing Standing);
