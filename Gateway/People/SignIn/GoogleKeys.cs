using System.Text.Json;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Shabou.Gateway.People.SignIn;

/// <summary>The provider's public keys, read when the first person signs in, hourly, and when a key is met that is not among them.</summary>
/// <remarks>While the provider does not answer, the keys read last serve for a day.</remarks>
internal sealed class GoogleKeys(IOptionsMonitor<OAuthOptions> oauth, IOptions<GoogleOptions> google, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan UsableFor = TimeSpan.FromDays(1);

    /// <summary>So that tokens with invented key ids do not become as many requests to the provider.</summary>
    private static readonly TimeSpan PauseBetweenReads = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile Known? _known;

    /// <returns>The key of this id, or null: the provider has none such.</returns>
    /// <exception cref="SignInRefusedException">The provider does not tell its keys.</exception>
    internal async ValueTask<SecurityKey?> FindAsync(string? kid, CancellationToken cancellationToken)
    {
        if (_known is { } fresh && fresh.Age(time) < FreshFor && fresh.Find(kid) is { } key)
            return key;
        await _reading.WaitAsync(cancellationToken);
        try
        {
            var known = _known;
            var age = known?.Age(time) ?? TimeSpan.MaxValue;
            if (known is null || age >= FreshFor || (known.Find(kid) is null && age >= PauseBetweenReads))
                known = await ReadAsync(known, cancellationToken);
            return known.Find(kid);
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private async Task<Known> ReadAsync(Known? last, CancellationToken cancellationToken)
    {
        try
        {
            var json = await oauth.Get(GoogleHandler.Name).Backchannel.GetStringAsync(new Uri(google.Value.JwksUri), cancellationToken);
            return _known = new Known([.. new JsonWebKeySet(json).GetSigningKeys().Where(key => key is RsaSecurityKey or JsonWebKey { Kty: "RSA" })], time.GetTimestamp());
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or ArgumentException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return last is not null && last.Age(time) < UsableFor ? last
                : throw SignInRefusedException.Upstream("Google's keys could not be read, so nobody can be recognised. Try again later.", error);
        }
    }

    private sealed record Known(SecurityKey[] Keys, long ReadAt)
    {
        internal TimeSpan Age(TimeProvider time) => time.GetElapsedTime(ReadAt);

        internal SecurityKey? Find(string? kid) => Array.Find(Keys, key => key.KeyId == kid);
    }
}
