using Shabou.Backups.Making;
using Shabou.Backups.Places;
using Shabou.LocalPostgres.Programs;

namespace Shabou.Backups.Verifying;

/// <summary>Starts a base backup as a scratch server, lets it recover, and counts.</summary>
internal sealed class VerifyBase(PostgresPrograms programs, ScratchServers scratch)
{
    /// <inheritdoc cref="VerifyDump.RunAsync"/>
    public async Task<long> RunAsync(StoredBackup backup, CancellationToken cancellationToken)
    {
        var data = scratch.NewFolder(backup.Manifest.Bytes * BaseFiles.Growth);
        try
        {
            await BaseFiles.UnpackAsync(programs, backup, data, cancellationToken);
        }
        catch
        {
            ScratchServer.Remove(data);
            throw;
        }
        await using var server = await scratch.StartAsync(data, [], cancellationToken);
        await using var restored = await server.Login(backup.Manifest.Role, backup.Manifest.Database).OpenAsync(cancellationToken);
        return await RowComparison.RequireEqualAsync(restored, backup.Manifest, cancellationToken);
    }
}
