using Npgsql;
using Shabou.Schema.Ops;
using Shabou.ServiceDefaults.Problems.Alerts;

namespace Shabou.Gateway.Problems;

/// <summary>The gateway runs no jobs: it writes the row, and a service delivers it.</summary>
internal sealed class ProblemAlertRows(NpgsqlDataSource database) : IProblemAlertRows
{
    public async Task<bool> TryWriteAsync(ProblemAlert alert, DateTimeOffset now, TimeSpan window, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = new Alert
        {
            Id = Guid.CreateVersion7(now), Kind = ProblemAlert.Kind, Subject = alert.Type.Kind, Severity = AlertSeverity.Critical,
            Summary = alert.Summary, Detail = alert.Detail, CreatedAt = now,
        };
        return await AlertWindow.TrySayAsync(connection, row, window, cancellationToken);
    }
}

internal static class ProblemAlertSetup
{
    internal static void AddProblemAlertRows(this WebApplicationBuilder builder) => builder.Services.AddSingleton<IProblemAlertRows, ProblemAlertRows>();
}
