using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Shabou.ForecastService.Models;

/// <summary>Copies of artefacts in Redis, under version and hash: what a key names never changes, so a copy is never old. Redis is never needed:
/// without it the database is read.</summary>
internal sealed partial class ModelCopies(IConnectionMultiplexer redis, IOptions<ModelOptions> options, ILogger<ModelCopies> logger)
{
    /// <returns>The bytes as they are there, or null.</returns>
    public async Task<byte[]?> FindAsync(ModelHead model)
    {
        try
        {
            return await redis.GetDatabase().StringGetSetExpiryAsync(KeyOf(model), options.Value.TimeToLive).WaitAsync(options.Value.RedisTimeout);
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            LogAway(model.Version, error.Message);
            return null;
        }
    }

    /// <summary>Replaces whatever is there.</summary>
    public async Task KeepAsync(ModelHead model, byte[] bytes)
    {
        try
        {
            await redis.GetDatabase().StringSetAsync(KeyOf(model), bytes, options.Value.TimeToLive).WaitAsync(options.Value.RedisTimeout);
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            LogAway(model.Version, error.Message);
        }
    }

    private string KeyOf(ModelHead model) => $"{options.Value.Prefix}:model:{model.Version}:{model.Sha256}";

    [LoggerMessage(LogLevel.Warning, "Redis was left out for model {Version}; the database has it: {Reason}")]
    private partial void LogAway(string version, string reason);
}
