using Npgsql;

namespace Shabou.Backups.Making;

/// <summary>Counts the rows of every table that outlives a crash, by <c>schema.table</c>.</summary>
internal static class RowCounts
{
    private const string Tables = """
        SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema' ORDER BY 1
        """;

    private const string Changes = "SELECT format('%I.%I', schemaname, relname), n_tup_ins + n_tup_del FROM pg_stat_user_tables";

    /// <summary>Whether any table has a row, other than the list of migrations.</summary>
    public static async Task<bool> AnyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var name in await NamesAsync(connection, cancellationToken))
        {
            if (name.EndsWith("\"__EFMigrationsHistory\"", StringComparison.Ordinal)) continue;
            await using var any = new NpgsqlCommand($"SELECT EXISTS (SELECT FROM {name})", connection); // quoted by the server
            if (await any.ExecuteScalarAsync(cancellationToken) is true) return true;
        }
        return false;
    }

    /// <param name="connection">In a repeatable-read transaction all counts are of one moment.</param>
    public static async Task<SortedDictionary<string, long>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var name in await NamesAsync(connection, cancellationToken))
        {
            await using var count = new NpgsqlCommand($"SELECT count(*) FROM {name}", connection) { CommandTimeout = 0 }; // quoted by the server
            counts[name] = (long)(await count.ExecuteScalarAsync(cancellationToken))!;
        }
        return counts;
    }

    private static async Task<List<string>> NamesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await using var list = new NpgsqlCommand(Tables, connection);
        await using var rows = await list.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) names.Add(rows.GetString(0));
        return names;
    }

    /// <summary>Rows inserted and deleted in each table since the statistics began: equal before and after means untouched.</summary>
    public static async Task<Dictionary<string, long>> ChangesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var changes = new Dictionary<string, long>();
        await using var list = new NpgsqlCommand(Changes, connection);
        await using var rows = await list.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) changes[rows.GetString(0)] = rows.GetInt64(1);
        return changes;
    }
}
