using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shabou.Gateway.Tests.Servers;
using Shabou.Schema.Identity;

namespace Shabou.Gateway.Tests.Health;

public sealed class HealthReportTests(GatewayFixture fixture)
{
    private static readonly Uri Report = new("/api/v1/health", UriKind.Relative);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_administrator_sees_every_check_with_its_status_sentence_age_duration_and_last_change()
    {
        using var gateway = fixture.Gateway();
        using var client = gateway.Client(await fixture.Postgres.IssueAsync(ApiKeyRole.Admin));
        var report = await client.ReportAsync(checks => checks.All(check => check.Value.GetProperty("ageSeconds").ValueKind == JsonValueKind.Number));
        string[] expected = ["postgres", "redis", "queue", "replica-lag", "budget", "backup", "catalog", "forecast", "prospector", "schema-version", "api-keys"];
        Assert.Superset(expected.ToHashSet(), report.Keys.ToHashSet());
        Assert.DoesNotContain("StackExchange.Redis", report.Keys);
        Assert.All(report.Values, check =>
        {
            Assert.Contains(check.GetProperty("status").GetString(), (string[])["Healthy", "Degraded", "Unhealthy"]);
            Assert.EndsWith(".", check.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.InRange(check.GetProperty("ageSeconds").GetDouble(), 0, 60);
            Assert.InRange(check.GetProperty("durationMs").GetDouble(), 0, 60_000);
            Assert.InRange(check.GetProperty("changedAt").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow);
        });
        Assert.All((string[])["postgres", "redis", "catalog", "replica-lag"], name => Assert.Equal("Healthy", report[name].GetProperty("status").GetString()));
        Assert.All((string[])["postgres", "queue", "budget", "backup", "catalog"], name => Assert.False(report[name].GetProperty("decidesReadiness").GetBoolean()));
        Assert.All((string[])["schema-version", "api-keys", "redis"], name => Assert.True(report[name].GetProperty("decidesReadiness").GetBoolean()));
    }

    [Fact]
    public async Task Nobody_else_sees_the_report()
    {
        using var gateway = fixture.Gateway();
        using (var user = gateway.Client(await fixture.Postgres.IssueAsync()))
        using (var response = await user.GetAsync(Report, Cancelled))
            await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        using (var nobody = gateway.Client())
        using (var response = await nobody.GetAsync(Report, Cancelled))
            await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task The_report_tells_no_secret_host_version_or_exception_even_when_a_check_does()
    {
        using var gateway = fixture.Gateway(services => services.AddHealthChecks()
            .AddCheck("talks", () => HealthCheckResult.Unhealthy("Server db-7.shop.local:5432 (PostgreSQL 17.2.1) refused Password=canary-of-the-report", null, new Dictionary<string, object> { ["host"] = "db-7.shop.local" }))
            .AddCheck("throws", HealthCheckResult () => throw new InvalidOperationException("canary-of-the-report")), ("RateLimits:Policies:default:Requests", "10000"));
        using var client = gateway.Client(await fixture.Postgres.IssueAsync(ApiKeyRole.Admin));
        await client.ReportAsync(checks => checks["talks"].GetProperty("status").GetString() == "Unhealthy" && checks["throws"].GetProperty("status").GetString() == "Unhealthy");
        using var response = await client.GetAsync(Report, Cancelled);
        Assert.True(response.Headers.CacheControl?.NoStore);
        var text = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.Contains("\"status\":\"Unhealthy\",\"ready\":false", text, StringComparison.Ordinal);
        foreach (var inside in (string[])["canary", "db-7", "17.2.1", "5432", "127.0.0.1", "Exception", Environment.MachineName + ":", "Npgsql", "postgres="])
            Assert.DoesNotContain(inside, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Monitoring_reads_the_status_of_each_check_as_a_number()
    {
        using var gateway = fixture.Gateway();
        using var client = gateway.Client(await fixture.Postgres.IssueAsync(ApiKeyRole.Admin));
        await client.ReportAsync(checks => checks["redis"].GetProperty("status").GetString() == "Healthy" && checks["backup"].GetProperty("ageSeconds").ValueKind == JsonValueKind.Number);
        using var gauge = new HealthGauge(gateway);
        var read = gauge.Read();
        Assert.Equal(2, read["redis"]);
        Assert.Equal(1, read["backup"]); // none was made
    }
}
