using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shabou.Schema;
using Shabou.Schema.Ops;
using Shabou.ServiceDefaults.Problems.Alerts;

namespace Shabou.Jobs.Alerts;

/// <summary>Alerts about failing requests become rows as all alerts do; see <see cref="SendAlert"/> for what follows.</summary>
internal sealed class ProblemAlertRows(IServiceScopeFactory scopes) : IProblemAlertRows
{
    public async Task<bool> TryWriteAsync(ProblemAlert alert, DateTimeOffset now, TimeSpan window, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ShabouContext>().Database;
        await database.OpenConnectionAsync(cancellationToken);
        var row = new Alert
        {
            Id = Guid.CreateVersion7(now), Kind = ProblemAlert.Kind, Subject = alert.Type.Kind, Severity = AlertSeverity.Critical,
            Summary = alert.Summary, Detail = alert.Detail, CreatedAt = now,
        };
        return await AlertWindow.TrySayAsync((NpgsqlConnection)database.GetDbConnection(), row, window, cancellationToken);
    }
}
