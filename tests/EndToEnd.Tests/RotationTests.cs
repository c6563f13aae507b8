using System.Diagnostics;
using System.Net;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Npgsql;
using Shabou.Schema.Passwords;

namespace Shabou.EndToEnd.Tests;

/// <summary>The command "Rotate password" of each resource with a database login.</summary>
public sealed class RotationTests(ShabouApp app)
{
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_password_is_replaced_while_the_system_runs_and_stays_when_the_migrator_runs_again()
    {
        const string role = "catalog", path = "/api/v1/warehouses";
        using var client = await app.NewClientAsync();
        await RequireAnsweredAsync(client, path);
        for (var rotation = 0; rotation < 2; rotation++)
        {
            var before = File.Exists(PathOf(role)) ? await File.ReadAllTextAsync(PathOf(role), Cancelled) : "";
            var result = await app.App.ResourceCommands.ExecuteCommandAsync(role, "rotate-password", Cancelled);
            Assert.True(result.Success, result.Message);
            Assert.NotEqual(before, await File.ReadAllTextAsync(PathOf(role), Cancelled));
            await EndSessionsAsync(role);
            await RequireAnsweredAsync(client, path);
        }
        var present = await File.ReadAllTextAsync(PathOf(role), Cancelled);

        Assert.True((await app.App.ResourceCommands.ExecuteCommandAsync("migrator", KnownResourceCommands.StartCommand, Cancelled)).Success);
        await app.App.ResourceNotifications.WaitForResourceAsync("migrator", KnownResourceStates.Finished, Cancelled).WaitAsync(TimeSpan.FromMinutes(1), Cancelled);

        await using var login = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(await OwnerAsync()) { Username = role, Password = present, Pooling = false }.ConnectionString);
        await login.OpenAsync(Cancelled);
        await EndSessionsAsync(role);
        await RequireAnsweredAsync(client, path);
    }

    private string PathOf(string role) => Path.Combine(app.Secrets, role, PasswordFiles.Current);

    private async Task<string> OwnerAsync() => (await app.App.GetConnectionStringAsync("shabou", Cancelled))!;

    // So that the next requests have to log in; until they have, it is an outage like any other.
    private async Task EndSessionsAsync(string role)
    {
        await using var owner = new NpgsqlConnection(await OwnerAsync() + ";Pooling=false");
        await owner.OpenAsync(Cancelled);
        await using var end = new NpgsqlCommand("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = $1", owner) { Parameters = { new() { Value = role } } };
        await end.ExecuteScalarAsync(Cancelled);
    }

    private static async Task RequireAnsweredAsync(HttpClient client, string path)
    {
        var begun = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(700)); // a client may ask 100 times a minute
        while (true)
        {
            using var response = await client.GetAsync(path, Cancelled);
            if (response.StatusCode == HttpStatusCode.OK) return;
            Assert.True(Stopwatch.GetElapsedTime(begun) < s_recovery, $"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(Cancelled)}");
            await tick.WaitForNextTickAsync(Cancelled);
        }
    }
}
