using Npgsql;
using Shabou.Schema;

namespace Shabou.Migrator;

/// <summary>Makes PostgreSQL's roles agree with <see cref="Roles"/>: logins with their passwords, and exactly the listed grants.</summary>
internal static class GrantRoles
{
    private const int MostAttempts = 20;

    /// <summary>Creates missing roles, sets configured passwords, and hands the database to migrator.</summary>
    public static async Task CreateAsync(NpgsqlConnection owner, MigratorOptions options, CancellationToken cancellationToken)
    {
        foreach (var role in Roles.Services.Prepend(Roles.Migrator))
        {
            var password = options.Roles.GetValueOrDefault(role)?.Password;
            // Names and passwords are quoted by the server; utility statements take no parameters.
            await RunFormattedAsync(owner, "SELECT format('CREATE ROLE %I', $1) WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", [role], cancellationToken);
            if (!string.IsNullOrEmpty(password))
                await RunFormattedAsync(owner, "SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', $1, $2)", [role, password], cancellationToken);
        }
        await RunFormattedAsync(owner, "SELECT format('ALTER DATABASE %I OWNER TO %I', current_database(), $1)", [Roles.Migrator], cancellationToken);
        await RunFormattedAsync(owner, "SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database())", [], cancellationToken);
        foreach (var role in Roles.Services) // TEMPORARY: bulk loads are staged in temporary tables
            await RunFormattedAsync(owner, "SELECT format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I', current_database(), $1)", [role], cancellationToken);
    }

    /// <summary>Revokes everything from the service roles and grants the list again, in one transaction: nobody sees the moment between.</summary>
    public static async Task GrantAsync(NpgsqlConnection owner, CancellationToken cancellationToken)
    {
        var schemas = new List<string>();
        await using (var list = new NpgsqlCommand("SELECT DISTINCT schemaname FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')", owner))
        await using (var rows = await list.ExecuteReaderAsync(cancellationToken))
            while (await rows.ReadAsync(cancellationToken)) schemas.Add(rows.GetString(0));

        await using var batch = new NpgsqlBatch(owner); // one batch without BEGIN is one transaction
        foreach (var schema in schemas)
            foreach (var role in Roles.Services)
                Add($"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}", $"REVOKE ALL ON SCHEMA {schema} FROM {role}");
        foreach (var grant in Roles.Grants.Where(g => schemas.Contains(g.Schema)).OrderBy(g => g.Table is not null))
        {
            var target = grant.Table is null ? $"ALL TABLES IN SCHEMA {grant.Schema}" : $"{grant.Schema}.{grant.Table}";
            if (grant.Table is not null) Add($"REVOKE ALL ON {target} FROM {grant.Role}"); // what all tables of its schema were given
            Add($"GRANT USAGE ON SCHEMA {grant.Schema} TO {grant.Role}", $"GRANT {grant.Verbs} ON {target} TO {grant.Role}");
        }
        await batch.ExecuteNonQueryAsync(cancellationToken);

        void Add(params string[] statements)
        {
            foreach (var statement in statements) batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        }
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
