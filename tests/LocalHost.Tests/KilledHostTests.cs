using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;

namespace Shabou.LocalHost.Tests;

/// <summary>A host that was killed leaves processes and data behind; the next one ends the first and keeps the second.</summary>
public sealed class KilledHostTests : IDisposable
{
    private readonly DataFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_next_host_keeps_the_data_ends_the_leftovers_and_touches_nobody_else()
    {
        IReadOnlyList<int> leftovers;
        await using (var first = HostProcess.Start(_folder))
        {
            using var page = await first.UntilReadyAsync(Token);
            await ExecuteAsync(await StoreAsync(page), "CREATE TABLE kept AS SELECT 42 AS answer");
            leftovers = _folder.RecordedProcesses();
            await first.KillAsync(Token);
        }

        Assert.Equal(5, leftovers.Count); // postgres, redis, two replicas, front
        Assert.All(leftovers, process => Assert.True(DataFolder.IsAlive(process)));
        using var stranger = Process.Start("sleep", ["600"]);
        RecordAs(stranger.Id);

        await using var second = HostProcess.Start(_folder);
        using var secondPage = await second.UntilReadyAsync(Token);

        Assert.All(leftovers, process => Assert.False(DataFolder.IsAlive(process)));
        Assert.False(stranger.HasExited, "The host ended a process that it had not started.");
        Assert.Equal(42, await ExecuteAsync(await StoreAsync(secondPage), "SELECT answer FROM kept"));
        stranger.Kill();
    }

    [Fact]
    public async Task A_second_host_on_the_same_data_is_refused_and_the_first_goes_on()
    {
        await using var first = HostProcess.Start(_folder);
        await first.UntilLineAsync(line => line.StartsWith("redis | [Running", StringComparison.Ordinal), Token);
        await using var second = HostProcess.Start(_folder);

        Assert.Equal(1, await second.UntilExitAsync(Token));

        Assert.Contains(second.Output, line => line.Contains($"process {first.Id}", StringComparison.Ordinal) && line.Contains(_folder.Path, StringComparison.Ordinal));
        await first.UntilReadyAsync(Token);
    }

    /// <summary>What a record looks like whose process has ended and whose number the system has since given to someone else.</summary>
    private void RecordAs(int stranger)
    {
        var records = JsonSerializer.Deserialize<JsonArray>(File.ReadAllText(_folder.Records))!;
        var reused = records[0]!.DeepClone();
        reused["Id"] = stranger;
        records.Add(reused);
        File.WriteAllText(_folder.Records, records.ToJsonString());
    }

    private async Task<string> StoreAsync(HttpClient page)
    {
        var secrets = JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(_folder.Secrets, Token))!;
        var postgres = (await Pages.ResourcesAsync(page, Token)).Single(r => r.Name == "postgres");
        return $"Host=127.0.0.1;Port={new Uri(postgres.Urls[0].Url).Port};Username=postgres;Password={secrets["Parameters:postgres-password"]};Database=store;Pooling=false";
    }

    private static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Token);
    }
}
