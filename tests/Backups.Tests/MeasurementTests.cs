using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Backups.Making;
using Shabou.BackupService.Archive;
using Shabou.Testing;

namespace Shabou.Backups.Tests;

/// <summary>Each metric of the meter Shabou.Backups, as a listener hears it.</summary>
public sealed class MeasurementTests(ShopTemplate template)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_backup_is_measured_when_it_is_made_and_its_age_and_size_still_after_a_restart()
    {
        await using var shop = await template.OpenAsync();
        await using (var first = new BackupServiceHost(shop, null, ("Backups:ArchiveWal", "false")))
        {
            using var heard = new Heard(first);
            using var client = first.Operator();
            Assert.Empty(heard.Now("shabou.backup.age"));
            using var made = await client.PostAsync(new Uri("/backups", UriKind.Relative), content: null, Token);
            made.EnsureSuccessStatusCode();
            var durations = heard.Now("shabou.backup.duration");
            Assert.Equal(["base", "dump"], durations.Keys.Order());
            Assert.All(durations.Values, seconds => Assert.InRange(seconds, 0.1, 120));
            RequireMeasured(shop, heard, TimeSpan.Zero);
        }
        var restarted = new StandingClock(DateTimeOffset.UtcNow.AddHours(5));
        await using var second = new BackupServiceHost(shop, restarted, ("Backups:ArchiveWal", "false"));
        using var after = new Heard(second);
        await Until.TrueAsync(() => Task.FromResult(after.Now("shabou.backup.age").Count == 2), 20, () => "the age of both kinds, of which none was made since the start");
        RequireMeasured(shop, after, TimeSpan.FromHours(5));
    }

    [Fact]
    public async Task The_archives_lag_and_age_are_measured_while_it_receives_and_its_age_grows_while_it_does_not()
    {
        await using var shop = await template.OpenAsync();
        await using (var service = new BackupServiceHost(shop))
        {
            using var heard = new Heard(service);
            await Until.TrueAsync(() => Task.FromResult(heard.Now("shabou.wal_archive.lag").Count == 1), 30, () => "a lag");
            await Until.TrueAsync(() => Task.FromResult(service.Services.GetRequiredService<WalArchiving>().State.IsReceiving), 30, () => "an archive that receives");
            Assert.True(Assert.Single(heard.Now("shabou.wal_archive.lag").Values) >= 0);
            Assert.InRange(Assert.Single(heard.Now("shabou.wal_archive.age").Values), 0, 60);
        }
        var clock = new StandingClock(DateTimeOffset.UtcNow);
        await using var without = new BackupServiceHost(shop, clock, ("Postgres:Programs", "/nowhere"));
        using var silence = new Heard(without);
        await Until.TrueAsync(() => Task.FromResult(silence.Now("shabou.wal_archive.age").Count == 1), 30, () => "the age of an archive that receives nothing");
        clock.Now += TimeSpan.FromHours(1);
        Assert.Equal(3600, Assert.Single(silence.Now("shabou.wal_archive.age").Values));
    }

    private static void RequireMeasured(Shop shop, Heard heard, TimeSpan age)
    {
        foreach (var kind in RunBackups.Kinds)
        {
            var made = shop.Shelf.List(kind)[0];
            Assert.Equal(made.Manifest.Bytes, heard.Now("shabou.backup.size")[kind]);
            Assert.InRange(heard.Now("shabou.backup.age")[kind], age.TotalSeconds, age.TotalSeconds + 300);
        }
    }

    /// <summary>What one service measures, by instrument and kind.</summary>
    private sealed class Heard : IDisposable
    {
        private readonly ConcurrentDictionary<(string Name, string Kind), double> _values = new();
        private readonly MeterListener _listener;

        public Heard(BackupServiceHost service)
        {
            var meters = service.Services.GetRequiredService<IMeterFactory>();
            _listener = new()
            {
                InstrumentPublished = (instrument, self) =>
                {
                    if (instrument.Meter.Name == "Shabou.Backups" && instrument.Meter.Scope == meters) self.EnableMeasurementEvents(instrument);
                },
            };
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _values[(instrument.Name, KindOf(tags))] = value);
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _values[(instrument.Name, KindOf(tags))] = value);
            _listener.Start();
        }

        public Dictionary<string, double> Now(string name)
        {
            _listener.RecordObservableInstruments();
            return _values.Where(value => value.Key.Name == name).ToDictionary(value => value.Key.Kind, value => value.Value);
        }

        public void Dispose() => _listener.Dispose();

        private static string KindOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
                if (tag.Key == "kind") return $"{tag.Value}";
            return "";
        }
    }
}
