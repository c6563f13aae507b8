using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.Backups;
using Shabou.LocalPostgres;
using Shabou.Migrator.Demo;
using Shabou.Schema;
using Shabou.Schema.Connections;
using Shabou.Schema.Released;
using Shabou.Schema.Tls;

namespace Shabou.Migrator;

/// <summary>The one run that changes the database: roles, migrations, grants, the administrator's key, the bootstrap token, demo data. Any number of
/// copies may start at once; an advisory lock lets one work and the others find it done.</summary>
internal sealed partial class Migrate(
    IConfiguration configuration, IHostEnvironment environment, IOptions<MigratorOptions> options,
    RequireBackup requireBackup, SeedAdminKey seedAdminKey, SeedBootstrapToken seedBootstrapToken, SeedDemo seedDemo, StatementStatistics statistics, ILogger<Migrate> logger)
{
    /// <summary>Any constant will do; it must only never change.</summary>
    private const long LockKey = 0x5348_4142_4F55_0001;

    /// <returns>The process's exit code: 0 when the database is at this program's migration.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (configuration.GetConnectionString(ShabouContext.ConnectionName) is not { Length: > 0 } connectionString)
        {
            LogNoConnection();
            return 1;
        }
        try
        {
            if (!environment.IsDevelopment()) TlsRule.Require(connectionString);
            return await MigrateAsync(connectionString, options.Value, cancellationToken);
        }
        catch (OptionsValidationException invalid)
        {
            LogInvalid(string.Join(" ", invalid.Failures));
            return 1;
        }
        catch (NpgsqlException untrusted) when (TlsFault.Sentence(untrusted) is { } sentence)
        {
            LogInvalid(sentence);
            return 1;
        }
        catch (Exception refused) when (refused is BackupException or LocalPostgresException or RoleRefusedException)
        {
            LogInvalid(refused.Message);
            return 1;
        }
        catch (Exception error) when (error.GetBaseException() is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction })
        {
            LogReadOnly();
            return 1;
        }
        catch (Exception error) when (error is NpgsqlException or DbUpdateException)
        {
            LogFailed(error);
            return 1;
        }
    }

    private async Task<int> MigrateAsync(string connectionString, MigratorOptions options, CancellationToken cancellationToken)
    {
        await using var owner = new NpgsqlConnection(connectionString);
        await owner.OpenAsync(cancellationToken);
        await using (var take = new NpgsqlCommand("SELECT pg_advisory_lock($1)", owner) { CommandTimeout = 0, Parameters = { new() { Value = LockKey } } })
            await take.ExecuteNonQueryAsync(cancellationToken); // released when the connection closes, whatever happens

        if (PlannedConnections.Objection(configuration, await RoomAsync(owner, cancellationToken)) is { } tooFew) LogTooFew(tooFew);
        var state = await SchemaVersion.OfAsync(owner, cancellationToken);
        if (state.IsNewerThan(SchemaVersion.Compiled)) return LeaveAlone(state);
        foreach (var role in await GrantRoles.CreateAsync(owner, options, cancellationToken)) LogKept(role, owner.UserName);

        // A start that finds all done needs no model of EF, whose making would delay every service by seconds.
        if (state.Applied != SchemaVersion.Compiled)
        {
            await requireBackup.RunAsync(owner, connectionString, options, cancellationToken);
            await using var context = new ShabouContext(AsMigrator(connectionString));
            var pending = (await context.Database.GetPendingMigrationsAsync(cancellationToken)).Count();
            await context.Database.MigrateAsync(cancellationToken);
            LogMigrated(pending, SchemaVersion.Compiled);
        }
        else
        {
            LogMigrated(0, SchemaVersion.Compiled);
        }

        if (state.CompatibleFrom != Release.Migration) await SchemaVersion.NoteAsync(owner, Release.Migration, cancellationToken);
        await GrantRoles.GrantAsync(owner, cancellationToken);
        await statistics.EnsureAsync(owner, cancellationToken);
        await seedAdminKey.RunAsync(owner, options, cancellationToken);
        await seedBootstrapToken.RunAsync(owner, options, cancellationToken);
        if (environment.IsDevelopment() && options.DemoParts > 0 && await SeedDemo.IsWantedAsync(owner, cancellationToken))
        {
            await using var context = new ShabouContext(AsMigrator(connectionString));
            await seedDemo.RunAsync(context, options.DemoParts, cancellationToken);
        }
        return 0;
    }

    private static async Task<int> RoomAsync(NpgsqlConnection owner, CancellationToken cancellationToken)
    {
        await using var ask = new NpgsqlCommand($"SELECT {PlannedConnections.Room}", owner);
        return (int)(await ask.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>An older Migrator grants nothing to a newer schema and takes nothing from it: whoever migrated it did.</summary>
    private int LeaveAlone(SchemaState state)
    {
        if (state.Objection(SchemaVersion.Compiled) is { } objection)
        {
            LogInvalid(objection);
            return 1;
        }
        LogNewer(state.Applied!, SchemaVersion.Compiled);
        return 0;
    }

    /// <summary>The same login, but every statement runs as the role migrator, so that migrator owns what is made.</summary>
    private static DbContextOptions<ShabouContext> AsMigrator(string connectionString)
    {
        var asMigrator = new NpgsqlConnectionStringBuilder(connectionString) { Options = $"-c role={Roles.Migrator}" };
        return new DbContextOptionsBuilder<ShabouContext>().UseNpgsql(asMigrator.ConnectionString).Options;
    }

    [LoggerMessage(LogLevel.Information, "Applied {Count} migrations, the database is at {Last}")] private partial void LogMigrated(int count, string last);
    [LoggerMessage(LogLevel.Information, "The database is at {Applied}, newer than {Compiled} and compatible with it: nothing to do")] private partial void LogNewer(string applied, string compiled);
    [LoggerMessage(LogLevel.Warning, "The password of {Role} stays as it is, because '{Login}' may not change it: when it is another than configured, have a superuser set it")] private partial void LogKept(string role, string? login);
    [LoggerMessage(LogLevel.Warning, "{Reason}")] private partial void LogTooFew(string reason);
    [LoggerMessage(LogLevel.Critical, "ConnectionStrings:shabou is missing; give Migrator the owner's connection string")] private partial void LogNoConnection();
    [LoggerMessage(LogLevel.Critical, "The database only lets itself be read: it belongs to a pair and its standby has not opened it; start with --standby, or give the pair up as docs/runbooks/failover.md says")] private partial void LogReadOnly();
    [LoggerMessage(LogLevel.Critical, "{Reason}")] private partial void LogInvalid(string reason);
    [LoggerMessage(LogLevel.Critical, "The migration did not finish and will continue where it stopped at the next start")] private partial void LogFailed(Exception error);
}
