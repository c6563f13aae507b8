using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Shabou.Gateway.Identity;
using Shabou.Gateway.Identity.Tokens;

namespace Shabou.Gateway.RateLimiting;

/// <summary>Counts every request against its client's quota, tells the client in the answer's headers where it stands, and refuses what is over.</summary>
internal sealed class ClientLimits
{
    private readonly RequestDelegate _next;
    private readonly SharedCounter _counter;
    private readonly GuessLimit _guesses;
    private readonly AccountLimits _accounts;
    private readonly RateLimitOptions _options;
    private readonly IProblemDetailsService _problems;
    private readonly Counter<long> _refused;

    public ClientLimits(
        RequestDelegate next, SharedCounter counter, GuessLimit guesses, AccountLimits accounts, IOptions<RateLimitOptions> options, IProblemDetailsService problems, IMeterFactory meters)
    {
        (_next, _counter, _guesses, _accounts, _options, _problems) = (next, counter, guesses, accounts, options.Value, problems);
        _refused = meters.Create("Shabou.Gateway").CreateCounter<long>("shabou.gateway.requests_refused", "{request}", "Requests refused by a limit.");
    }

    public Task InvokeAsync(HttpContext http) => AnonymousEndpoints.Paths.Contains(http.Request.Path.Value ?? "") ? _next(http) : CountAsync(http);

    private async Task CountAsync(HttpContext http)
    {
        var lease = await LeaseAsync(http);
        if (lease.IsAcquired)
        {
            try
            {
                await _next(http);
            }
            catch
            {
                LimitLease.KeepAnnounced(http.Response);
                throw;
            }
            return;
        }
        _refused.Add(1, KeyValuePair.Create<string, object?>("policy", lease.Policy));
        await lease.RefuseAsync(_problems, http);
    }

    private async ValueTask<LimitLease> LeaseAsync(HttpContext http)
    {
        var name = http.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName
            ?? (http.Request.Path.StartsWithSegments(RateLimits.LoginPath, StringComparison.OrdinalIgnoreCase) ? RateLimits.Login : RateLimits.PerClient);
        if (name != RateLimits.Login && http.User.Identity is not { IsAuthenticated: true } && await HasFailedAsync(http))
            return Announced(http, await _guesses.StandingAsync(http), RateLimits.Guessing);
        var policy = _options.Of(name);
        var client = policy.Per == LimitSubject.Network ? ClientSubject.OfNetwork(http) : ClientSubject.Of(http);
        var lease = Announced(http, await _counter.CountAsync(name, client, policy.Quota), name);
        return lease.IsAcquired && policy.PerAccount is not null && ClientSubject.IdOf(http) is { } account
            ? Announced(http, await _accounts.CountAsync(name, account, policy), name)
            : lease;
    }

    private LimitLease Announced(HttpContext http, Standing standing, string of)
    {
        var lease = new LimitLease(standing, _options.Of(of).WithoutRedis);
        lease.Announce(http.Response.Headers);
        return lease;
    }

    // The question is answered from memory. When nobody could say whether the credential is valid, the caller has not guessed.
    private static async ValueTask<bool> HasFailedAsync(HttpContext http) =>
        (await http.AuthenticateAsync()).Failure is { } failure and not (ApiKeysUnavailableException or KeysUnavailableException);
}
