using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Shabou.Gateway.Health.Checks;

/// <summary>Asks the database on behalf of the checks, two of them at a time, so that they leave the pool to the requests.</summary>
internal sealed class HealthDatabase(NpgsqlDataSource database) : IDisposable
{
    private const int AtATime = 2;

    private readonly SemaphoreSlim _turns = new(AtATime, AtATime);

    /// <param name="sql">One statement that answers with one row.</param>
    /// <param name="judge">Reads the row.</param>
    /// <param name="unknown">What is not known when the database does not answer, such as "the age of the queue".</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="values">Of the statement's parameters.</param>
    internal async Task<HealthCheckResult> AskAsync(
        string sql, Func<NpgsqlDataReader, HealthCheckResult> judge, string unknown, CancellationToken cancellationToken, params object[] values)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            await using var command = database.CreateCommand(sql);
            foreach (var value in values)
                command.Parameters.Add(new() { Value = value });
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            return await row.ReadAsync(cancellationToken) ? judge(row) : HealthCheckResult.Unhealthy($"The database knows nothing of {unknown}.");
        }
        catch (PostgresException refused) when (!refused.IsTransient)
        {
            return HealthCheckResult.Unhealthy($"The database refused to tell {unknown}; the log says why.", refused);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy($"The database does not answer, so {unknown} is not known.", error);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    /// <summary>1 min 5 s, 3 h 20 min, 2 d 1 h: as precise as a person needs it.</summary>
    internal static string Words(TimeSpan time)
    {
        var culture = CultureInfo.InvariantCulture;
        return time switch
        {
            { TotalDays: >= 1 } => string.Create(culture, $"{(int)time.TotalDays} d {time.Hours} h"),
            { TotalHours: >= 1 } => string.Create(culture, $"{(int)time.TotalHours} h {time.Minutes} min"),
            { TotalMinutes: >= 1 } => string.Create(culture, $"{(int)time.TotalMinutes} min {time.Seconds} s"),
            _ => string.Create(culture, $"{time.TotalSeconds:0.#} s"),
        };
    }
}
