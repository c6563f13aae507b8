using StackExchange.Redis;

namespace Shabou.Standins.Tests;

public sealed class TlsRedisClientTests(TlsRedisServer server) : RedisClientTests, IClassFixture<TlsRedisServer>
{
    protected override ConfigurationOptions Options
    {
        get
        {
            var options = Untrusting;
            options.TrustIssuer(server.Issuer);
            return options;
        }
    }

    private ConfigurationOptions Untrusting => new() { EndPoints = { { "127.0.0.1", server.Port } }, Ssl = true, ConnectRetry = 1, ConnectTimeout = 5_000 };

    [Fact]
    public async Task An_issuer_that_is_not_trusted_is_refused()
    {
        var error = await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectionMultiplexer.ConnectAsync(Untrusting));
        Assert.Equal(ConnectionFailureType.AuthenticationFailure, error.FailureType);
    }
}
