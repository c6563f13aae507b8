using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Shabou.Schema.SecretAges;
using Shabou.Testing;

namespace Shabou.Schema.Tests;

public sealed class SecretAgeTests(TestServers servers)
{
    private const string First = "the-first-value-of-a-secret";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_value_is_noted_once_a_new_value_begins_a_new_age_and_no_value_is_stored()
    {
        var database = await servers.CreateDatabaseAsync();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:shabou", database), new("Store:Key", First)]).Build();
        var time = new Moment(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var spare = new SpareConnection(configuration);
        using var ages = new SecretAges.SecretAges([new("store-key", now => now["Store:Key"])], configuration, spare, time, services.GetRequiredService<IMeterFactory>(), NullLogger<SecretAges.SecretAges>.Instance);
        await ages.NoteAsync(Cancelled);
        time.Now += TimeSpan.FromDays(91);
        await ages.NoteAsync(Cancelled);
        Assert.Equal(TimeSpan.FromDays(91).TotalSeconds, Age(services), 1);

        configuration["Store:Key"] = "its second value, put in its place";
        await ages.NoteAsync(Cancelled);
        Assert.Equal(0, Age(services), 1);

        await using var context = TestServers.ContextOn(database);
        var rows = await context.SecretVersions.OrderBy(row => row.FirstSeenAt).ToListAsync(Cancelled);
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromDays(91)], rows.Select(row => row.FirstSeenAt - rows[0].FirstSeenAt));
        Assert.DoesNotContain(rows, row => row.Fingerprint.AsSpan().SequenceEqual(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(First))));
    }

    [Fact]
    public void A_password_in_a_connection_string_is_watched_under_its_login()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:shabou", "Host=x;Username=catalog;Password='p;w'")]).Build();
        var services = new ServiceCollection();
        services.AddWatchedPassword(configuration, ShabouContext.ConnectionName);
        var watched = Assert.IsType<WatchedSecret>(Assert.Single(services).ImplementationInstance);
        Assert.Equal(("database-login:catalog", "p;w"), (watched.Name, watched.Read(configuration)));
    }

    [Fact]
    public void A_host_that_carries_another_setting_along_does_not_loosen_the_connection()
    {
        // What builds a connection string builds it by the driver's own builder: a value stays a value.
        var built = new NpgsqlConnectionStringBuilder { Host = "db;SSL Mode=Disable", SslMode = SslMode.VerifyFull };
        var read = new NpgsqlConnectionStringBuilder(built.ConnectionString);
        Assert.Equal((SslMode.VerifyFull, "db;SSL Mode=Disable"), (read.SslMode, read.Host));
    }

    private static double Age(IServiceProvider services)
    {
        var age = double.NaN;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == services.GetRequiredService<IMeterFactory>() && instrument.Name == "shabou.secrets.age") self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => age = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return age;
    }

    private sealed class Moment(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
