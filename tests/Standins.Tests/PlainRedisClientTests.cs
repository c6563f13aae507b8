using StackExchange.Redis;

namespace Shabou.Standins.Tests;

public sealed class PlainRedisClientTests(RedisServer server) : RedisClientTests, IClassFixture<RedisServer>
{
    protected override ConfigurationOptions Options => new() { EndPoints = { { "127.0.0.1", server.Port } } };
}
