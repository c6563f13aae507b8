using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.Testing;

namespace Shabou.Jobs.Tests;

/// <summary>A database with the tables in which workers leave what they did.</summary>
internal static class EffectTables
{
    public static async Task<string> CreateAsync(TestServers servers)
    {
        var database = await servers.CreateDatabaseAsync();
        await using var context = TestServers.ContextOn(database);
        await AddAsync(context);
        return database;
    }

    public static Task AddAsync(ShabouContext context) => context.Database.ExecuteSqlRawAsync("""
        CREATE TABLE public.starts (job_id uuid, attempt integer, pid integer, at timestamptz);
        CREATE TABLE public.effects (job_id uuid, pid integer);
        CREATE TABLE public.refusals (job_id uuid, pid integer);
        """);

    public static async Task<int> CountAsync(string database, string what)
    {
        await using var context = TestServers.ContextOn(database);
        return await context.Database.SqlQuery<int>(what switch
        {
            "effects" => $"""SELECT count(*)::int AS "Value" FROM public.effects""",
            "jobs with an effect" => $"""SELECT count(DISTINCT job_id)::int AS "Value" FROM public.effects""",
            "refusals" => $"""SELECT count(*)::int AS "Value" FROM public.refusals""",
            "starts" => $"""SELECT count(*)::int AS "Value" FROM public.starts""",
            "completed" => $"""SELECT count(*)::int AS "Value" FROM jobs.finished_jobs WHERE state = 'Completed' AND queue = 'test'""",
            "unfinished" => $"""SELECT count(*)::int AS "Value" FROM jobs.jobs WHERE queue = 'test' AND state <> 'Dead'""",
            "dead" => $"""SELECT count(*)::int AS "Value" FROM jobs.jobs WHERE queue = 'test' AND state = 'Dead'""",
            "dead alerts" => $"""SELECT count(*)::int AS "Value" FROM ops.alerts WHERE kind = 'job-dead'""",
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        }).SingleAsync();
    }

    /// <summary>Whether somebody stands before a lock on the table.</summary>
    public static async Task<bool> IsWaitedForAsync(string database, string table)
    {
        await using var context = TestServers.ContextOn(database);
        return await context.Database.SqlQuery<bool>($"""SELECT EXISTS (SELECT FROM pg_locks WHERE relation = {table}::regclass AND NOT granted) AS "Value" """).SingleAsync();
    }
}
