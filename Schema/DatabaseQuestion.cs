using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Shabou.Schema;

/// <summary>Whether the database is there: a question that needs no table and no connection of the pool. Asked where there are two servers to choose from.</summary>
public static class DatabaseQuestion
{
    /// <summary>Ends when the database has answered.</summary>
    /// <exception cref="NpgsqlException">It is not there, or lets nobody in.</exception>
    public static async Task AskAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (new NpgsqlConnectionStringBuilder(services.GetRequiredService<IConfiguration>().GetConnectionString(ShabouContext.ConnectionName)).Host?.Contains(',', StringComparison.Ordinal) != true) return;
        await services.GetRequiredService<SpareConnection>().UseAsync(async connection =>
        {
            await using var question = new NpgsqlCommand("SELECT 1", connection);
            return await question.ExecuteScalarAsync(cancellationToken);
        }, cancellationToken);
    }
}
