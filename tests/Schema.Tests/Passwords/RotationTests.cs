using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Shabou.Schema.Passwords;
using Shabou.Schema.Tests.Tls;
using Shabou.Testing;

namespace Shabou.Schema.Tests.Passwords;

/// <summary>On a server of its own: roles belong to the server, and other tests give theirs passwords of their own.</summary>
public sealed class RotationTests(TlsServer server) : IClassFixture<TlsServer>, IDisposable
{
    private const int Workers = 4;
    private const int Rotations = 3;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shabou-passwords-");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_request_fails_while_a_password_is_replaced_three_times()
    {
        var database = await MigratedAsync(Roles.Catalog);
        using var service = Service(database, Roles.Catalog);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var (answered, failures) = (0, new ConcurrentBag<string>());
        var load = Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                try
                {
                    await using var scope = service.Services.CreateAsyncScope();
                    var context = scope.ServiceProvider.GetRequiredService<ShabouContext>();
                    await context.Brands.CountAsync(Cancelled);
                    Interlocked.Increment(ref answered);
                    NpgsqlConnection.ClearPool((NpgsqlConnection)context.Database.GetDbConnection()); // each logs in anew, as if all connections were lost
                }
                catch (Exception error)
                {
                    failures.Add(error.ToString());
                }
            }
        }, Cancelled)).ToList();

        var passwords = new List<string> { await File.ReadAllTextAsync(PathOf(Roles.Catalog, PasswordFiles.Current), Cancelled) };
        for (var i = 0; i < Rotations; i++)
        {
            var (exitCode, output) = await RotateAsync(database, Roles.Catalog);
            Assert.True(exitCode == 0, output);
            Assert.DoesNotContain(passwords[^1], output, StringComparison.Ordinal);
            passwords.Add(await File.ReadAllTextAsync(PathOf(Roles.Catalog, PasswordFiles.Current), Cancelled));
            Assert.DoesNotContain(passwords[^1], output, StringComparison.Ordinal);
        }
        await enough.CancelAsync();
        await Task.WhenAll(load);

        Assert.True(failures.IsEmpty, $"{failures.Count} of {answered + failures.Count}: {failures.FirstOrDefault()}");
        Assert.True(answered > 50, $"{answered}");
        Assert.Equal(Rotations + 1, passwords.Distinct().Count());
        Assert.False(File.Exists(PathOf(Roles.Catalog, PasswordFiles.Next)));
        Assert.Equal(passwords[^1], await File.ReadAllTextAsync(PathOf(Roles.Migrator, "Roles__catalog__Password"), Cancelled)); // what Migrator sets at its next run
        foreach (var old in passwords.SkipLast(1))
            Assert.Equal(PostgresErrorCodes.InvalidPassword, (await Assert.ThrowsAsync<PostgresException>(() => LogInAsync(database, Roles.Catalog, old))).SqlState);
        await LogInAsync(database, Roles.Catalog, passwords[^1]);
    }

    [Fact]
    public async Task A_program_of_plain_statements_logs_in_with_the_new_password_and_so_does_the_spare_connection()
    {
        var database = await MigratedAsync(Roles.Gateway);
        var builder = Configured(database, Roles.Gateway);
        builder.AddShabouDataSource();
        using var service = builder.Build();
        var source = service.Services.GetRequiredService<NpgsqlDataSource>();
        await using (var before = await source.OpenConnectionAsync(Cancelled))
        {
            Assert.Equal(0, (await RotateAsync(database, Roles.Gateway)).ExitCode);
            await using var still = new NpgsqlCommand("SELECT 1", before); // open connections stay
            await still.ExecuteScalarAsync(Cancelled);
        }
        source.Clear();
        await using var after = await source.OpenConnectionAsync(Cancelled);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(service)).Status);
    }

    [Fact]
    public async Task A_rotation_that_was_interrupted_goes_on_with_the_password_that_PostgreSQL_has()
    {
        var database = await MigratedAsync(Roles.Catalog);
        const string half = "a-password-that-was-set-and-not-made-current";
        await File.WriteAllTextAsync(PathOf(Roles.Catalog, PasswordFiles.Next), half, Cancelled);
        await SetAsync(database, Roles.Catalog, half);
        using var service = Service(database, Roles.Catalog);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(service)).Status); // both are known, and the server says which

        Assert.Equal(0, (await RotateAsync(database, Roles.Catalog)).ExitCode);
        Assert.Equal(half, await File.ReadAllTextAsync(PathOf(Roles.Catalog, PasswordFiles.Current), Cancelled));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_service_that_began_without_a_file_takes_the_first_replacement_without_a_restart(bool isPlain)
    {
        var database = await MigratedAsync(Roles.Catalog);
        File.Delete(PathOf(Roles.Catalog, PasswordFiles.Current));
        var builder = Configured(database, Roles.Catalog);
        builder.Configuration["ConnectionStrings:shabou"] += $";Password={MigratorProcess.PasswordOf(Roles.Catalog)}";
        if (isPlain) builder.AddShabouDataSource();
        else builder.AddShabouDatabase();
        using var service = builder.Build();
        await LogInAnewAsync();
        Assert.Equal(0, (await RotateAsync(database, Roles.Catalog)).ExitCode);
        await LogInAnewAsync();

        async Task LogInAnewAsync()
        {
            await using var scope = service.Services.CreateAsyncScope();
            if (isPlain)
            {
                var source = scope.ServiceProvider.GetRequiredService<NpgsqlDataSource>();
                source.Clear();
                await using var connection = await source.OpenConnectionAsync(Cancelled);
                return;
            }
            var context = scope.ServiceProvider.GetRequiredService<ShabouContext>();
            await context.Brands.CountAsync(Cancelled);
            NpgsqlConnection.ClearPool((NpgsqlConnection)context.Database.GetDbConnection());
        }
    }

    [Fact]
    public async Task A_password_that_somebody_changed_by_hand_takes_the_service_off_in_one_sentence_until_it_is_right_again()
    {
        var database = await MigratedAsync(Roles.Catalog);
        using var service = Service(database, Roles.Catalog);
        var right = await File.ReadAllTextAsync(PathOf(Roles.Catalog, PasswordFiles.Current), Cancelled);
        await SetAsync(database, Roles.Catalog, "changed-by-hand");
        var off = await CheckAsync(service);
        Assert.Equal(HealthStatus.Unhealthy, off.Status);
        Assert.Equal("PostgreSQL refuses the login of this program (password authentication failed for user \"catalog\"); give the role the password that the program has, or run Migrator with rotate-password.", off.Description);
        await SetAsync(database, Roles.Catalog, right);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(service)).Status);
    }

    [Theory]
    [InlineData("nobody", true, "'nobody' is no role: use migrator, catalog")]
    [InlineData("forecast", true, "Rotation:Folder has no folder 'forecast'")]
    [InlineData("catalog", false, "Rotation:Folder is missing")]
    public async Task What_cannot_be_rotated_is_refused_in_one_sentence(string role, bool named, string sentence)
    {
        Directory.CreateDirectory(PathOf(Roles.Catalog, ""));
        var (exitCode, output) = await MigratorProcess.RunAsync("Host=127.0.0.1;Port=1", arguments: ["rotate-password", role], settings: [("Rotation:Folder", named ? _folder.FullName : "")]);
        Assert.Equal(1, exitCode);
        Assert.Contains(sentence, output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string role, string file) => Path.Combine(_folder.FullName, role, file);

    private Task<(int ExitCode, string Output)> RotateAsync(string database, string role) =>
        MigratorProcess.RunAsync(database, arguments: ["rotate-password", role], settings: [("Rotation:Folder", _folder.FullName)]);

    /// <summary>A database whose role has its password in a file.</summary>
    private async Task<string> MigratedAsync(string role)
    {
        await server.StartAsync(host: null);
        var name = $"rotation_{Guid.NewGuid():N}";
        await using (var context = TestServers.ContextOn(server.ConnectionString))
        {
#pragma warning disable EF1003 // a constant of the test
            await context.Database.ExecuteSqlRawAsync("CREATE DATABASE " + name, Cancelled);
#pragma warning restore EF1003
        }
        var database = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString;
        var run = await MigratorProcess.RunAsync(database, demo: false);
        Assert.True(run.ExitCode == 0, run.Output);
        Directory.CreateDirectory(PathOf(role, ""));
        await File.WriteAllTextAsync(PathOf(role, PasswordFiles.Current), MigratorProcess.PasswordOf(role), Cancelled);
        return database;
    }

    private HostApplicationBuilder Configured(string database, string role)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        builder.Configuration["ConnectionStrings:shabou"] = new NpgsqlConnectionStringBuilder(database) { Username = role, Password = null, Pooling = true }.ConnectionString;
        builder.Configuration["Secrets:Folder"] = PathOf(role, "");
        return builder;
    }

    private IHost Service(string database, string role)
    {
        var builder = Configured(database, role);
        builder.AddShabouDatabase();
        return builder.Build();
    }

    private static async Task<HealthCheckResult> CheckAsync(IHost service) =>
        await new SchemaVersionCheck(service.Services.GetRequiredService<SpareConnection>()).CheckHealthAsync(new(), Cancelled);

    private static async Task SetAsync(string database, string role, string password)
    {
        await using var context = TestServers.ContextOn(database);
#pragma warning disable EF1002 // constants of the test
        await context.Database.ExecuteSqlRawAsync($"ALTER ROLE {role} PASSWORD '{password}'", Cancelled);
#pragma warning restore EF1002
    }

    private static async Task LogInAsync(string database, string role, string password)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Username = role, Password = password, Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancelled);
    }
}
