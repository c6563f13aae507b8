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
    public async Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> use, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await using var connection = new NpgsqlConnection((await LoginAsync(configuration, cancellationToken)).ConnectionString);
            await connection.OpenAsync(cancellationToken);
            return await use(connection);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>How to connect beside the pool.</summary>
    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public static async Task<NpgsqlConnectionStringBuilder> LoginAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnectionStringBuilder(BoundedWait.In(configuration.GetConnectionString(ShabouContext.ConnectionName) ?? "")) { Pooling = false };
        connection.Password = await new DatabasePassword(configuration).ReadAsync(connection, cancellationToken);
        return connection;
    }

    public void Dispose() => _turn.Dispose();
}
