using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema;

namespace Shabou.Jobs;

/// <summary>A process that is stopped in the middle of a transaction keeps its locks, and its connection, for as long as it stays stopped.</summary>
internal static class FrozenHolder
{
    /// <summary>The server ends the transaction under way, and the connection with it, when nothing is heard of this process between two statements for so long.</summary>
    /// <param name="context">In a transaction whose locks others wait for.</param>
    /// <param name="silence">The lease: who would lose his jobs loses these locks too.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    public static Task LetGoAfterAsync(this ShabouContext context, TimeSpan silence, CancellationToken cancellationToken)
    {
        var milliseconds = ((long)silence.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        return context.Database.ExecuteSqlAsync($"SELECT set_config('idle_in_transaction_session_timeout', {milliseconds}, true)", cancellationToken);
    }
}
