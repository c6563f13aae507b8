using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using Shabou.Schema.Tests.Changes;
using Shabou.Testing;

namespace Shabou.Schema.Tests.Constraints;

/// <summary>What breaks an invariant is refused by the database itself, whoever writes it: here the superuser, in raw SQL.</summary>
public sealed class InvariantTests(TestServers servers)
{
    private const int Values = 12;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_and_changes_that_break_an_invariant_are_refused_and_others_are_not()
    {
        var database = await SeededAsync();
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancelled);
        var wrong = new List<string>();
        foreach (var rule in Rule.All)
        {
            foreach (var value in rule.Bad.Sample(Values).Distinct())
            {
                if (await Attempt.TryAsync(connection, Update(rule, value)) is var state && state != rule.SqlState) wrong.Add($"UPDATE {rule.Table}.{rule.Column} = {value}: {state ?? "done"} instead of {rule.SqlState}");
                // A key that is taken is found only after the row itself was found right.
                if (await Attempt.TryAsync(connection, Insert(rule, value)) is var other && other != rule.SqlState && !(rule.SqlState == PostgresErrorCodes.ForeignKeyViolation && other == PostgresErrorCodes.UniqueViolation))
                    wrong.Add($"INSERT {rule.Table}.{rule.Column} = {value}: {other ?? "done"} instead of {rule.SqlState}");
            }
            foreach (var value in rule.Good.Sample(Values).Distinct())
                if (await Attempt.TryAsync(connection, Update(rule, value)) is { } state) wrong.Add($"UPDATE {rule.Table}.{rule.Column} = {value}: {state}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task What_must_be_there_once_is_there_once()
    {
        await using var connection = new NpgsqlConnection(await SeededAsync());
        await connection.OpenAsync(Cancelled);
        foreach (var statement in new[]
        {
            "UPDATE catalog.products SET sku = 'SKU-1' WHERE sku = 'SKU-2'", "UPDATE catalog.brands SET slug = 'same'", "UPDATE catalog.products SET brand_id = '00000000-0000-7000-8000-000000000011', gtin = '4006633374668'",
            "UPDATE prospector.leads SET place_id = 'same'", "UPDATE identity.api_keys SET hash = sha256('same')", "INSERT INTO forecast.model_versions SELECT r.* FROM forecast.model_versions m, jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid(), 'version', 'v2')) r",
            "INSERT INTO forecast.demand_series SELECT r.* FROM forecast.demand_series m, jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid())) r", "INSERT INTO jobs.job_keys SELECT * FROM jobs.job_keys", "INSERT INTO prospector.budget_windows SELECT * FROM prospector.budget_windows",
        })
            Assert.True(await Attempt.TryAsync(connection, statement) == PostgresErrorCodes.UniqueViolation, statement);
    }

    private static string Update(Rule rule, string? value) => $"UPDATE {rule.Table} SET {rule.Column} = {Literal(value)} WHERE ctid = (SELECT min(ctid) FROM {rule.Table})";

    private static string Insert(Rule rule, string? value) =>
        $"INSERT INTO {rule.Table} SELECT r.* FROM (SELECT * FROM {rule.Table} LIMIT 1) t, jsonb_populate_record(NULL::{rule.Table}, to_jsonb(t) || jsonb_build_object('{rule.Column}', {Literal(value)}::text)) r";

    private static string Literal(string? value) => value is null ? "NULL" : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private async Task<string> SeededAsync()
    {
        var database = new NpgsqlConnectionStringBuilder(await servers.CreateEmptyDatabaseAsync()) { Pooling = false }.ConnectionString;
        await using var context = TestServers.ContextOn(database);
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancelled);
        foreach (var id in context.Database.GetMigrations())
        {
            await context.GetService<IMigrator>().MigrateAsync(id, Cancelled);
            if (Seeds.Of(id) is not { } seed) continue;
            await using var command = new NpgsqlCommand(seed, connection);
            await command.ExecuteNonQueryAsync(Cancelled);
        }
        return database;
    }
}
