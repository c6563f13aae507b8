using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shabou.ServiceDefaults.Telemetry;

namespace Shabou.ServiceDefaults.Tests.Telemetry;

public sealed class RedactionTests
{
    private const string Canary = "C4nary-Wert";

    [Theory]
    [InlineData("Host=db;Username=catalog;Password=C4nary-Wert;Database=shabou", "Host=db;Username=catalog;Password=***;Database=shabou")]
    [InlineData("host=db;pwd='C4nary-Wert;x';a=b", "host=db;pwd=***;a=b")]
    [InlineData("localhost:6379,password=C4nary-Wert,ssl=true", "localhost:6379,password=***,ssl=true")]
    [InlineData("X-Api-Key: C4nary-Wert", "X-Api-Key: ***")]
    [InlineData("headers X-Service-Key=[C4nary-Wert] and more", "headers X-Service-Key=[***] and more")]
    [InlineData("""{"X-Goog-Api-Key":"C4nary-Wert","a":1}""", """{"X-Goog-Api-Key":"***","a":1}""")]
    [InlineData("Authorization: Bearer C4nary-Wert.abc.def", "Authorization: Bearer ***")]
    [InlineData("GET https://places.test/v1/places?key=C4nary-Wert&page=2", "GET https://places.test/v1/places?key=***&page=2")]
    [InlineData("postgresql://catalog:C4nary-Wert@db:5432/shabou", "postgresql://catalog:***@db:5432/shabou")]
    [InlineData("""{"password": "C4nary-Wert"}""", """{"password": ***}""")]
    public void What_looks_like_a_secret_is_masked(string text, string expected)
    {
        var redacted = Redactor().Redact(text);
        Assert.Equal(expected, redacted);
        Assert.DoesNotContain(Canary, redacted, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /api/v1/products answered 200 in 1.5 ms with 1 SQL commands")]
    [InlineData("The password is wrong; the key of the map, too")]
    [InlineData("https://localhost:7443/keys?keyboard=azerty")]
    [InlineData("Plaquettes de frein – وسادات الفرامل")]
    public void Other_text_stays_as_it_is(string text) => Assert.Equal(text, Redactor().Redact(text));

    [Fact]
    public void Configured_secrets_are_masked_wherever_they_stand()
    {
        var redactor = Redactor(
            ("Cursors:Key", "service-key-of-the-house"),
            ("Places:ApiKey", "AIza-places-key"),
            ("Roles:Catalog:Password", "role, with comma"),
            ("ConnectionStrings:shabou", "Host=db;Username=u;Password=\"semi;colon pass\";Database=d"),
            ("ConnectionStrings:redis", "localhost:1,password=redis-secret,ssl=true"),
            ("Short:Password", "short"));
        var text = redactor.Redact("a service-key-of-the-house b AIza-places-key c role, with comma d semi;colon pass e redis-secret f short");
        Assert.Equal("a *** b *** c *** d *** e *** f short", text);
    }

    [Fact]
    public void Hostile_text_is_still_answered_and_still_masked()
    {
        var text = string.Concat(Enumerable.Repeat("password= ://aaaa:bbbb key=?&", 40_000)) + $" Password={Canary}";
        Assert.DoesNotContain(Canary, Redactor().Redact(text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task No_secret_reaches_the_log_by_message_value_scope_or_exception(string environment)
    {
        await using var app = await TestApp.StartAsync(_ => { }, environment: environment, settings: [("Places:ApiKey", Canary)]);
        var logger = app.Services.GetRequiredService<ILogger<RedactionTests>>();
        using (logger.BeginScope(new Dictionary<string, object?> { ["Where"] = $"https://x.test/?key={Canary}" }))
        {
            var inner = new ArgumentException($"Host=db;Password={Canary}");
            logger.LogError(new InvalidOperationException($"outer {Canary}", inner), "Cannot reach {Url} with {Header}", $"https://x.test/?key={Canary}", $"X-Api-Key: {Canary}");
        }

        Assert.Contains("Cannot reach https://x.test/?key=***", app.Log.Text, StringComparison.Ordinal);
        Assert.Contains(nameof(ArgumentException), app.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, app.Log.Text, StringComparison.Ordinal);
    }

    private static Redactor Redactor(params (string Key, string? Value)[] settings) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value)).Build());
}
