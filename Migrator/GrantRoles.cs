using Npgsql;
using Shabou.Schema;

namespace Shabou.Migrator;

/// <summary>Makes PostgreSQL's roles agree with <see cref="Roles"/>: logins with their passwords, and exactly the listed grants.</summary>
internal static class GrantRoles
{
    private const string Public = "public";
    private const string History = "public.\"__EFMigrationsHistory\"";
    private const int MostAttempts = 20;

    /// <summary>Creates missing roles, sets configured passwords, and hands the database to migrator.</summary>
    /// <returns>Roles whose passwords stay as they are, because the login may not change them: before PostgreSQL 16 only a superuser may, once a role may replicate.</returns>
    /// <exception cref="RoleRefusedException">The login may not give a role what only a superuser has to give.</exception>
    public static async Task<IReadOnlyList<string>> CreateAsync(NpgsqlConnection owner, MigratorOptions options, CancellationToken cancellationToken)
    {
        var kept = new List<string>();
        var refused = new List<string>();
        foreach (var role in Roles.All)
        {
            var password = options.Roles.GetValueOrDefault(role)?.Password;
            // Names and passwords are quoted by the server; utility statements take no parameters.
            await RunFormattedAsync(owner, "SELECT format('CREATE ROLE %I', $1) WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", [role], cancellationToken);
            if (!string.IsNullOrEmpty(password) && !await TrySetPasswordAsync(owner, role, password, cancellationToken)) kept.Add(role);
        }
        foreach (var role in Roles.Replicating)
            await RunForSuperuserAsync(owner, refused, "SELECT format('ALTER ROLE %I REPLICATION', $1) WHERE NOT (SELECT rolreplication FROM pg_roles WHERE rolname = $1)", [role], cancellationToken);
        foreach (var (role, of) in Roles.Memberships)
            await RunForSuperuserAsync(owner, refused, "SELECT format('GRANT %I TO %I', $2, $1) WHERE NOT pg_has_role($1::name, $2::name, 'MEMBER')", [role, of], cancellationToken);
        // A superuser is everybody; another owner must be migrator to hand the database over, and to run as it.
        await RunForSuperuserAsync(owner, refused, """
            SELECT format('GRANT %I TO %I', $1, current_user) WHERE NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
            AND NOT pg_has_role($1::name, CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END)
            """, [Roles.Migrator], cancellationToken);
        await RunForSuperuserAsync(owner, refused, """
            SELECT format('ALTER DATABASE %I OWNER TO %I', current_database(), $1) FROM pg_database WHERE datname = current_database() AND pg_get_userbyid(datdba) <> $1
            """, [Roles.Migrator], cancellationToken);
        if (refused.Count > 0) throw new RoleRefusedException($"The login '{owner.UserName}' may not run what only a superuser may; have one run '{string.Join("; ", refused)}' once, and start Migrator again.");
        await RunFormattedAsync(owner, "SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database())", [], cancellationToken);
        foreach (var role in Roles.Services) // TEMPORARY: bulk loads are staged in temporary tables
            await RunFormattedAsync(owner, "SELECT format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I', current_database(), $1)", [role], cancellationToken);
        await RunFormattedAsync(owner, "SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), $1)", [Roles.Report], cancellationToken);
        return kept;
    }

    /// <summary>Revokes everything from all roles but the owner and grants the table again, in one transaction: nobody sees the moment between.</summary>
    public static async Task GrantAsync(NpgsqlConnection owner, CancellationToken cancellationToken)
    {
        var schemas = new List<string>();
        await using (var list = new NpgsqlCommand("SELECT DISTINCT schemaname FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')", owner))
        await using (var rows = await list.ExecuteReaderAsync(cancellationToken))
            while (await rows.ReadAsync(cancellationToken)) schemas.Add(rows.GetString(0));

        var roles = string.Join(", ", Roles.All.Where(role => role != Roles.Migrator));
        await using var batch = new NpgsqlBatch(owner); // one batch without BEGIN is one transaction
        foreach (var schema in schemas)
        {
            Add($"REVOKE ALL ON {(schema == Public ? History : $"ALL TABLES IN SCHEMA {schema}")} FROM PUBLIC, {roles}"); // public has views and functions of extensions
            Add($"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM PUBLIC, {roles}"); // numbers of rows come from identity columns, whose owner draws them
            if (schema != Public) Add($"REVOKE ALL ON ALL ROUTINES IN SCHEMA {schema} FROM PUBLIC, {roles}");
            Add($"REVOKE ALL ON SCHEMA {schema} FROM PUBLIC, {roles}");
        }
        if (schemas.Contains(Public)) Add($"GRANT USAGE ON SCHEMA {Public} TO {roles}"); // operators of extensions live there
        // What a migration makes belongs to nobody else until it has a line.
        Add($"ALTER DEFAULT PRIVILEGES FOR ROLE {Roles.Migrator} REVOKE EXECUTE ON ROUTINES FROM PUBLIC");
        foreach (var (schema, role) in Roles.Grants.Where(g => schemas.Contains(g.Schema)).Select(g => (g.Schema, g.Role)).Distinct())
            Add($"GRANT USAGE ON SCHEMA {schema} TO {role}");
        foreach (var alike in Roles.Grants.Where(g => schemas.Contains(g.Schema)).GroupBy(g => (g.Role, g.Verbs, g.Kind)))
            Add($"GRANT {alike.Key.Verbs} ON {alike.Key.Kind} {string.Join(", ", alike.Select(g => g.Target))} TO {alike.Key.Role}");
        await batch.ExecuteNonQueryAsync(cancellationToken);

        void Add(string statement) => batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
    }

    private static async Task<bool> TrySetPasswordAsync(NpgsqlConnection owner, string role, string password, CancellationToken cancellationToken)
    {
        try
        {
            await RunFormattedAsync(owner, "SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', $1, $2)", [role, password], cancellationToken);
            return true;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege && Roles.Replicating.Contains(role))
        {
            return false;
        }
    }

    /// <summary>What the owner of a database may not do everywhere: on PostgreSQL 16 and later it needs the role with ADMIN OPTION, before that to be superuser.
    /// Once a superuser has done it there is nothing left to run.</summary>
    private static async Task RunForSuperuserAsync(NpgsqlConnection owner, List<string> refused, string format, string[] values, CancellationToken cancellationToken)
    {
        if (await FormatAsync(owner, format, values, cancellationToken) is not { } statement) return;
        try
        {
            await RunAsync(owner, statement, cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            refused.Add(statement);
        }
    }

    private static async Task RunFormattedAsync(NpgsqlConnection owner, string format, string[] values, CancellationToken cancellationToken)
    {
        if (await FormatAsync(owner, format, values, cancellationToken) is { } statement) await RunAsync(owner, statement, cancellationToken);
    }

    private static async Task<string?> FormatAsync(NpgsqlConnection owner, string format, string[] values, CancellationToken cancellationToken)
    {
        await using var quote = new NpgsqlCommand(format, owner);
        foreach (var value in values) quote.Parameters.Add(new() { Value = value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        return await quote.ExecuteScalarAsync(cancellationToken) as string;
    }

    private static async Task RunAsync(NpgsqlConnection owner, string statement, CancellationToken cancellationToken)
    {
        await using var run = new NpgsqlCommand(statement, owner);
        // Roles belong to the server: another database's migrator may be making the same ones, and its advisory lock is not ours.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await run.ExecuteNonQueryAsync(cancellationToken);
                return;
            }
            catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation)
            {
                return; // it is there
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InternalError && attempt < MostAttempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken); // tuple concurrently updated
            }
        }
    }
}

/// <summary>The login of Migrator may not make a role what it must be. The message is one sentence with the statements that a superuser runs.</summary>
internal sealed class RoleRefusedException(string message) : Exception(message);
