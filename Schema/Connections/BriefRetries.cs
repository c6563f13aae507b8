using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL;

namespace Shabou.Schema.Connections;

/// <summary>Tries again what broke at once, such as a connection that was cut or a deadlock. What took its whole time is not tried again: a caller who
/// has waited for a full pool or a silent server would wait three times as long, in front of those who came later.</summary>
/// <param name="dependencies">EF's.</param>
/// <param name="alsoTransient">SQL states to try again beside those that the driver calls transient.</param>
internal sealed class BriefRetries(ExecutionStrategyDependencies dependencies, ICollection<string>? alsoTransient)
    : NpgsqlRetryingExecutionStrategy(dependencies, MaxRetries, s_maxDelay, alsoTransient)
{
    private const int MaxRetries = 2;
    private static readonly TimeSpan s_maxDelay = TimeSpan.FromMilliseconds(300);

    protected override bool ShouldRetryOn(Exception? exception) => exception is not NpgsqlException { InnerException: TimeoutException } && base.ShouldRetryOn(exception);
}
