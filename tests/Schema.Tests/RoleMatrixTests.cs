using Npgsql;
using Shabou.Testing;

namespace Shabou.Schema.Tests;

/// <summary>Every cell of the table of roles is tried, by the role itself, on a database that Migrator made.</summary>
public sealed class RoleMatrixTests(TestServers servers)
{
    private static readonly List<Grant> Cells = [.. RoleTable.Read(Roles.Table).Where(g => !g.IsFunction)];
    private static readonly string[] Verbs = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_role_can_do_on_each_table_what_its_cell_says_and_nothing_else()
    {
        var database = await MigratedAsync();
        var tables = await ListAsync(database, Relations);
        Assert.True(tables.Count > 60);
        var (wrong, tried) = (new List<string>(), 0);
        foreach (var role in Roles.All)
        {
            await using var connection = await LogInAsync(database, role);
            foreach (var table in tables)
                foreach (var verb in Verbs)
                {
                    var expected = Expected(role, table, verb);
                    var state = connection is null ? PostgresErrorCodes.InsufficientPrivilege : await Attempt.TryAsync(connection, Statement(verb, table));
                    tried++;
                    // A view that nobody can write to is refused as such before anybody is asked for rights.
                    var allowed = state is not (PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ObjectNotInPrerequisiteState or PostgresErrorCodes.WrongObjectType);
                    if (allowed != expected && !(table.IsView && verb != "SELECT" && !allowed)) wrong.Add($"{role} {verb} {table.Name}: expected {(expected ? "allowed" : "refused")}, got {state ?? "done"}");
                }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(tried > 2_500);
    }

    [Fact]
    public async Task Each_function_can_be_called_by_those_who_have_its_cell()
    {
        var database = await MigratedAsync();
        await using var owner = await OpenAsync(database);
        await using var list = new NpgsqlCommand(
            """
            SELECT n.nspname || '.' || p.proname, r.rolname, has_function_privilege(r.oid, p.oid, 'EXECUTE') FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace CROSS JOIN pg_roles r
            WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'public') AND r.rolname = ANY ($1)
            """, owner)
        { Parameters = { new() { Value = Roles.All.ToArray() } } };
        await using var rows = await list.ExecuteReaderAsync(Cancelled);
        var wrong = new List<string>();
        while (await rows.ReadAsync(Cancelled))
        {
            var (function, role, allowed) = (rows.GetString(0), rows.GetString(1), rows.GetBoolean(2));
            if (allowed != (role == Roles.Migrator || Roles.Grants.Any(g => g.IsFunction && g.Role == role && $"{g.Schema}.{g.Name}" == function))) wrong.Add($"{role} {function}: {allowed}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Every_table_has_its_line_and_every_line_its_table()
    {
        var listed = Cells.Select(g => $"{g.Schema}.{g.Name}").ToHashSet();
        var made = (await ListAsync(await MigratedAsync(), Relations)).Where(t => !t.IsPartition).Select(t => t.Name);
        Assert.Equal(made.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal)); // a new table needs a line in Schema/Roles.cs
    }

    [Theory]
    [InlineData("    catalog gateway\n catalog.products  s", "one cell for each of catalog, gateway")]
    [InlineData("    catalog gateway\n products  s -", "must be <schema>.<table>")]
    [InlineData("    catalog gateway\n catalog.products  sz -", "'z' is no verb in the line catalog.products")]
    public void A_line_that_cannot_be_read_is_named(string table, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<FormatException>(() => RoleTable.Read(table).ToList()).Message, StringComparison.Ordinal);

    [Fact]
    public async Task No_role_but_the_owner_can_change_the_schema_or_become_another()
    {
        var database = await MigratedAsync();
        foreach (var role in Roles.All.Where(role => role is not (Roles.Migrator or Roles.Replication)))
        {
            await using var connection = (await LogInAsync(database, role))!;
            foreach (var statement in new[]
            {
                "CREATE TABLE catalog.own (id int)", "CREATE TABLE public.own (id int)", "CREATE SCHEMA own", "DROP TABLE catalog.products", "ALTER TABLE catalog.products ADD COLUMN own int",
                "ALTER TABLE jobs.jobs RENAME TO own", "DROP TABLE \"__EFMigrationsHistory\"", "CREATE INDEX own ON catalog.products (sku)", "DROP INDEX catalog.ix_products_sku", "CREATE FUNCTION public.own() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "DROP FUNCTION jobs.keep_history()", "ALTER TABLE catalog.products DISABLE TRIGGER ALL", "CREATE VIEW catalog.own AS SELECT 1", "CREATE EXTENSION \"uuid-ossp\"", "DROP EXTENSION pg_trgm", "COMMENT ON TABLE catalog.products IS 'own'",
                "GRANT SELECT ON catalog.products TO PUBLIC", "SET ROLE migrator", "CREATE ROLE own", "ALTER ROLE migrator PASSWORD 'own'", "SET session_replication_role = replica", "COPY catalog.brands TO PROGRAM 'true'", "SELECT pg_read_file('/etc/passwd')",
                "SELECT * FROM pg_authid", "CREATE DATABASE own", "ALTER DATABASE CURRENT_DB SET timezone = 'UTC'", "CREATE EVENT TRIGGER own ON ddl_command_start EXECUTE FUNCTION jobs.keep_history()",
            })
            {
                var state = await Attempt.TryAsync(connection, statement.Replace("CURRENT_DB", connection.Database, StringComparison.Ordinal));
                if (role == Roles.Backup && statement.Contains("pg_authid", StringComparison.Ordinal)) continue; // it reads everything, or it could not copy everything
                // Granting what one does not have is a warning to PostgreSQL; the matrix shows that it gives nothing.
                Assert.True(state is PostgresErrorCodes.InsufficientPrivilege || statement.StartsWith("GRANT", StringComparison.Ordinal) || (statement.StartsWith("CREATE DATABASE", StringComparison.Ordinal) && state is PostgresErrorCodes.ActiveSqlTransaction),
                    $"{role}: {statement}: {state ?? "done"}");
            }
        }
    }

    // A part of a partitioned table is reached through the whole: only who owns or copies it touches it by its own name.
    private static bool Expected(string role, Relation table, string verb) => table.IsPartition
        ? role == Roles.Migrator || (role == Roles.Backup && verb == "SELECT")
        : Cells.Any(g => g.Role == role && $"{g.Schema}.{g.Name}" == table.Name && g.Verbs.Contains(verb, StringComparison.Ordinal));

    // Only the right that the verb names is needed: no column is read.
    private static string Statement(string verb, Relation table) => verb switch
    {
        "SELECT" => $"SELECT 1 FROM {table.Sql} LIMIT 0",
        "INSERT" => $"INSERT INTO {table.Sql} DEFAULT VALUES",
        "UPDATE" => $"UPDATE {table.Sql} SET {table.Column} = DEFAULT",
        "DELETE" => $"DELETE FROM {table.Sql}",
        _ => $"TRUNCATE {table.Sql}",
    };

    private async Task<string> MigratedAsync()
    {
        var database = await servers.CreateEmptyDatabaseAsync();
        var run = await MigratorProcess.RunAsync(database, demo: false);
        Assert.True(run.ExitCode == 0, run.Output);
        return database;
    }

    /// <returns>Null when the role may not even connect.</returns>
    private static async Task<NpgsqlConnection?> LogInAsync(string database, string role)
    {
        try
        {
            return await OpenAsync(new NpgsqlConnectionStringBuilder(database) { Username = role, Password = MigratorProcess.PasswordOf(role) }.ConnectionString);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege && role == Roles.Replication)
        {
            return null;
        }
    }

    private static async Task<NpgsqlConnection> OpenAsync(string database)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancelled);
        return connection;
    }

    private const string Relations =
        """
        SELECT n.nspname, c.relname, c.relispartition, c.relkind = 'v', (SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = c.oid AND attnum = 1)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v') AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') -- an extension's own
        """;

    private static async Task<List<Relation>> ListAsync(string database, string sql)
    {
        await using var owner = await OpenAsync(database);
        await using var list = new NpgsqlCommand(sql, owner);
        await using var rows = await list.ExecuteReaderAsync(Cancelled);
        var found = new List<Relation>();
        while (await rows.ReadAsync(Cancelled)) found.Add(new(rows.GetString(0), rows.GetString(1), rows.GetBoolean(2), rows.GetBoolean(3), rows.GetString(4)));
        return found;
    }

    private sealed record Relation(string Schema, string Table, bool IsPartition, bool IsView, string Column)
    {
        public string Name => $"{Schema}.{Table}";

        public string Sql => $"{Schema}.\"{Table}\"";
    }
}
