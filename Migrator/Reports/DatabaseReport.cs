using System.Globalization;
using Npgsql;
using Shabou.Schema;

namespace Shabou.Migrator.Reports;

/// <summary><c>dotnet run --project Migrator -- report</c>: a page about the database for a person, from its own statistics. It changes nothing.</summary>
internal sealed class DatabaseReport(IConfiguration configuration, TimeProvider time)
{
    public const string Command = "report";

    /// <returns>The process's exit code: 1 when the database could not be asked.</returns>
    public async Task<int> RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        if (configuration.GetConnectionString(ShabouContext.ConnectionName) is not { Length: > 0 } connectionString)
        {
            await output.WriteLineAsync("ConnectionStrings:shabou is missing: give it as the environment variable ConnectionStrings__shabou.");
            return 1;
        }
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, ApplicationName = "report" }.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Database {connection.Database} at {connection.Host}:{connection.Port}, {time.GetUtcNow():yyyy-MM-dd HH:mm:ss} UTC"));
            foreach (var section in ReportSections.All) await WriteAsync(connection, section, output, cancellationToken);
            return 0;
        }
        catch (Exception error) when (error is NpgsqlException or ArgumentException)
        {
            await output.WriteLineAsync($"The database could not be asked: {error.Message.TrimEnd('.')}. Look whether it runs and ConnectionStrings:shabou is right.");
            return 1;
        }
    }

    private static async Task WriteAsync(NpgsqlConnection connection, ReportSection section, TextWriter output, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync($"\n{section.Title}");
        try
        {
            var (headings, rows) = await AskAsync(connection, section.Sql, cancellationToken);
            foreach (var line in rows.Count == 0 ? [$"  {section.WhenEmpty}"] : TextTable.Lines(headings, rows)) await output.WriteLineAsync(line);
        }
        catch (PostgresException missing) when (missing.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.ObjectNotInPrerequisiteState)
        {
            await output.WriteLineAsync($"  {section.WhenMissing}");
        }
    }

    private static async Task<(List<string> Headings, List<string[]> Rows)> AskAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var headings = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList();
        var rows = new List<string[]>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? "-" : Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture)!)]);
        return (headings, rows);
    }
}
