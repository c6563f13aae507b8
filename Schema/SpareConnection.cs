using Microsoft.Extensions.Configuration;
using Npgsql;
using Shabou.Schema.Connections;
using Shabou.Schema.Passwords;

namespace Shabou.Schema;

/// <summary>The one connection that this process opens beside its pool, for what must not wait for the pool or must not take of it. The plan of
/// connections counts it; whoever needs it while it is in use waits.</summary>
internal sealed class SpareConnection(IConfiguration configuration) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Opens it, and closes it again when <paramref name="use"/> has ended.</summary>
    /// <exception cref="NpgsqlException">The server does not answer or does not let us in.</exception>
    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> use, CancellationToken cancellationToken) => InTurnAsync(async server =>
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return await use(connection);
    }, cancellationToken);

    /// <summary>Lets <paramref name="use"/> open it, once at each server.</summary>
    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public async Task<T> InTurnAsync<T>(Func<NpgsqlConnectionStringBuilder, Task<T>> use, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(BoundedWait.In(configuration.GetConnectionString(ShabouContext.ConnectionName) ?? "")) { Pooling = false };
            connection.Password = await new DatabasePassword(configuration).ReadAsync(connection, cancellationToken);
            return await use(connection);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
