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
    public static async Task CreateAsync(NpgsqlConnection owner, MigratorOptions options, CancellationToken cancellationToken)
    {
        foreach (var role in Roles.All)
        {
            var password = options.Roles.GetValueOrDefault(role)?.Password;
            // Names and passwords are quoted by the server; utility statements take no parameters.
            await RunFormattedAsync(owner, "SELECT format('CREATE ROLE %I', $1) WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", [role], cancellationToken);
            if (!string.IsNullOrEmpty(password))
                await RunFormattedAsync(owner, "SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', $1, $2)", [role, password], cancellationToken);
        }
        foreach (var role in Roles.Replicating)
            await RunFormattedAsync(owner, "SELECT format('ALTER ROLE %I REPLICATION', $1) WHERE NOT (SELECT rolreplication FROM pg_roles WHERE rolname = $1)", [role], cancellationToken);
        foreach (var (role, of) in Roles.Memberships)
            await RunFormattedAsync(owner, "SELECT format('GRANT %I TO %I', $2, $1) WHERE NOT pg_has_role($1::name, $2::name, 'MEMBER')", [role, of], cancellationToken);
        await RunFormattedAsync(owner, "SELECT format('ALTER DATABASE %I OWNER TO %I', current_database(), $1)", [Roles.Migrator], cancellationToken);
        await RunFormattedAsync(owner, "SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database())", [], cancellationToken);
        foreach (var role in Roles.Services) // TEMPORARY: bulk loads are staged in temporary tables
            await RunFormattedAsync(owner, "SELECT format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I', current_database(), $1)", [role], cancellationToken);
        await RunFormattedAsync(owner, "SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), $1)", [Roles.Report], cancellationToken);
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

    private static async Task RunFormattedAsync(NpgsqlConnection owner, string format, string[] values, CancellationToken cancellationToken)
    {
        await using var quote = new NpgsqlCommand(format, owner);
        foreach (var value in values) quote.Parameters.Add(new() { Value = value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        if (await quote.ExecuteScalarAsync(cancellationToken) is not string statement) return;
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
