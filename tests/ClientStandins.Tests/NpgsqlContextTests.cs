using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Shabou.ClientStandins.Tests;

public sealed class NpgsqlContextTests
{
    private const string Section = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";

    public sealed class PartsContext(DbContextOptions<PartsContext> options) : DbContext(options);

    [Fact]
    public void A_missing_connection_string_is_an_error_only_when_a_context_is_asked_for()
    {
        var builder = Builder();
        builder.AddNpgsqlDbContext<PartsContext>("parts");
        using var host = builder.Build();
        using var scope = host.Services.CreateScope();
        var error = Assert.Throws<InvalidOperationException>(() => scope.ServiceProvider.GetRequiredService<PartsContext>());
        Assert.Contains("ConnectionStrings:parts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Later_sources_of_settings_win()
    {
        string[] keys = [$"{Section}:ConnectionString", $"{Section}:parts:ConnectionString", $"{Section}:PartsContext:ConnectionString", "ConnectionStrings:parts"];
        for (var last = 1; last <= keys.Length; last++)
        {
            var builder = Builder([.. keys.Take(last).Select((key, at) => (key, $"Host=source-{at}"))]);
            builder.AddNpgsqlDbContext<PartsContext>("parts");
            Assert.Equal($"Host=source-{last - 1}", ConnectionStringOf(builder));
        }

        var overridden = Builder([.. keys.Select(key => (key, "Host=configured"))]);
        overridden.AddNpgsqlDbContext<PartsContext>("parts", settings => settings.ConnectionString += ";Database=by-callback");
        Assert.Equal("Host=configured;Database=by-callback", ConnectionStringOf(overridden));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("true", false)]
    public void Commands_are_retried_unless_that_is_switched_off(string? disable, bool retries)
    {
        var builder = Builder(("ConnectionStrings:parts", "Host=none"), ($"{Section}:DisableRetry", disable), ($"{Section}:CommandTimeout", "7"));
        builder.AddNpgsqlDbContext<PartsContext>("parts");
        using var host = builder.Build();
        using var scope = host.Services.CreateScope();
        var database = scope.ServiceProvider.GetRequiredService<PartsContext>().Database;
        Assert.Equal(retries, database.CreateExecutionStrategy().RetriesOnFailure);
        Assert.Equal(7, database.GetCommandTimeout());
    }

    [Fact]
    public async Task The_health_check_has_the_name_of_the_context_and_fails_without_a_server()
    {
        var builder = Builder(("ConnectionStrings:parts", "Host=127.0.0.1;Port=1;Timeout=1"));
        builder.AddNpgsqlDbContext<PartsContext>("parts", settings => settings.DisableRetry = true); // with retries the check takes a minute
        using var host = builder.Build();
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Unhealthy, report.Entries["PartsContext"].Status);
        Assert.DoesNotContain("live", report.Entries["PartsContext"].Tags);
    }

    [Fact]
    public void The_health_check_can_be_left_out()
    {
        var builder = Builder();
        builder.AddNpgsqlDbContext<PartsContext>("parts", settings => settings.DisableHealthChecks = true);
        using var host = builder.Build();
        Assert.Empty(host.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations);
    }

    [Fact]
    public void A_context_registered_twice_is_refused_in_Development()
    {
        var builder = Builder();
        builder.AddNpgsqlDbContext<PartsContext>("parts");
        Assert.Throws<InvalidOperationException>(() => builder.AddNpgsqlDbContext<PartsContext>("parts"));
    }

    [Fact]
    public void Enriching_adds_retries_to_a_context_of_ones_own()
    {
        var builder = Builder();
        builder.Services.AddDbContext<PartsContext>(options => options.UseNpgsql("Host=none"));
        builder.EnrichNpgsqlDbContext<PartsContext>(settings => settings.CommandTimeout = 9);
        using var host = builder.Build();
        using var scope = host.Services.CreateScope();
        var database = scope.ServiceProvider.GetRequiredService<PartsContext>().Database;
        Assert.True(database.CreateExecutionStrategy().RetriesOnFailure);
        Assert.Equal(9, database.GetCommandTimeout());
        Assert.Equal("Host=none", database.GetConnectionString());
    }

    [Fact]
    public void Enriching_a_context_that_is_not_there_or_that_contradicts_is_refused()
    {
        Assert.Throws<InvalidOperationException>(() => Builder().EnrichNpgsqlDbContext<PartsContext>());
        var builder = Builder();
        builder.Services.AddDbContext<PartsContext>(options => options.UseNpgsql("Host=none", npgsql => npgsql.CommandTimeout(5)));
        builder.EnrichNpgsqlDbContext<PartsContext>(settings => settings.CommandTimeout = 9);
        using var host = builder.Build();
        using var scope = host.Services.CreateScope();
        Assert.Throws<InvalidOperationException>(() => scope.ServiceProvider.GetRequiredService<PartsContext>());
    }

    private static string? ConnectionStringOf(HostApplicationBuilder builder)
    {
        using var host = builder.Build();
        using var scope = host.Services.CreateScope();
        return scope.ServiceProvider.GetRequiredService<PartsContext>().Database.GetConnectionString();
    }

    private static HostApplicationBuilder Builder(params (string Key, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        return builder;
    }
}
