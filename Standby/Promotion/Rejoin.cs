using Shabou.LocalPostgres;
using Shabou.LocalPostgres.Servers;
using Shabou.Standby.Data;
using Shabou.Standby.Supervision;

namespace Shabou.Standby.Promotion;

/// <summary>Makes two servers of one again: the old primary follows the new one, or the standby is copied anew.</summary>
internal sealed class Rejoin(Supervisor supervisor, Pair pair, StandbyFolder folder, CopyPrimary copy)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="data">Folder of the old primary's data, on this machine; nothing runs on it.</param>
    /// <param name="cancellationToken">Stops copying; nothing is changed then.</param>
    /// <returns>Why not, in one sentence; null when it is done.</returns>
    public Task<string?> RunAsync(string data, CancellationToken cancellationToken) => folder.Promotion is null
        ? Task.FromResult<string?>("The standby has not been promoted, so there is no old primary that could follow it.")
        : TryAsync(() => copy.RejoinAsync(pair.Own, new DataFolder(Path.GetFullPath(data)), cancellationToken), cancellationToken);

    /// <summary>For a standby that is too far behind.</summary>
    /// <returns>Why not, in one sentence; null when it is done.</returns>
    public Task<string?> CopyAgainAsync(CancellationToken cancellationToken) => folder.Promotion is not null
        ? Task.FromResult<string?>("This server is the primary: it is the original now, not the copy.")
        : TryAsync(async () =>
        {
            if (await pair.Other.LookAsync(cancellationToken) is not { InRecovery: false }) throw new LocalPostgresException("The primary does not answer, so there is nothing to copy: the standby is kept as it is.");
            await supervisor.FollowAgainAsync();
        }, cancellationToken);

    private async Task<string?> TryAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            return await supervisor.AloneAsync(work, Patience, cancellationToken) ? null : "The standby is being copied; try again when the copy is whole.";
        }
        catch (LocalPostgresException refused)
        {
            return refused.Message;
        }
    }
}
