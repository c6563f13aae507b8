using Npgsql;

namespace Shabou.Schema.Tests;

internal static class Attempt
{
    /// <returns>The SQLSTATE of the refusal, or null when it was done. Nothing stays done.</returns>
    public static async Task<string?> TryAsync(NpgsqlConnection connection, string sql) => (await RefusalAsync(connection, sql))?.SqlState;

    /// <returns>Who refused it and why, or null when it was done. Nothing stays done.</returns>
    public static async Task<PostgresException?> RefusalAsync(NpgsqlConnection connection, string sql)
    {
        var cancelled = TestContext.Current.CancellationToken;
        await using var transaction = await connection.BeginTransactionAsync(cancelled);
        try
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await command.ExecuteNonQueryAsync(cancelled);
            return null;
        }
        catch (PostgresException refused)
        {
            return refused;
        }
    }
}
