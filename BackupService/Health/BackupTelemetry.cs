using System.Diagnostics.Metrics;
using Shabou.Backups;
using Shabou.Backups.Places;
using Shabou.BackupService.Archive;

namespace Shabou.BackupService.Health;

/// <summary>The measurements of backups, meter <c>Shabou.Backups</c>. Tag kind: base or dump.</summary>
internal sealed class BackupTelemetry
{
    private readonly Counter<long> _results;
    private readonly Histogram<double> _durations;
    private readonly Dictionary<string, (DateTimeOffset FinishedAt, long Bytes)> _newest = [];

    public BackupTelemetry(IMeterFactory meters, TimeProvider time, IServiceProvider services)
    {
        var meter = meters.Create("Shabou.Backups");
        _results = meter.CreateCounter<long>("shabou.backup.result", "{backup}", "Backups by kind and outcome: verified or failed");
        _durations = meter.CreateHistogram<double>("shabou.backup.duration", "s", "To make a backup and to restore it for its check",
            advice: new() { HistogramBucketBoundaries = [1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600] });
        meter.CreateObservableGauge("shabou.backup.age", () => Newest().Select(n => new Measurement<double>((time.GetUtcNow() - n.FinishedAt).TotalSeconds, Of(n.Kind))), "s", "Of the newest verified backup");
        meter.CreateObservableGauge("shabou.backup.size", () => Newest().Select(n => new Measurement<long>(n.Bytes, Of(n.Kind))), "By", "Of the newest verified backup");
        meter.CreateObservableGauge("shabou.wal_archive.lag", () => Archive() is { Lag: { } lag } ? [new Measurement<long>(lag.Bytes)] : Array.Empty<Measurement<long>>(), "By", "WAL that the server wrote and the archive has not");
        meter.CreateObservableGauge("shabou.wal_archive.age", () => Archive() switch
        {
            { Since: { } since } => [new Measurement<double>((time.GetUtcNow() - since).TotalSeconds)],
            { Lag.Age: { } age } => [new Measurement<double>(age.TotalSeconds)],
            _ => Array.Empty<Measurement<double>>(),
        }, "s", "How long the archive takes to receive what is written, or since when it receives nothing");

        ArchiveState? Archive() => services.GetService<WalArchiving>()?.State; // it needs this class, so it is asked for late
    }

    public void Ended(BackupOutcome outcome)
    {
        _results.Add(1, Of(outcome.Kind), new("outcome", outcome.Succeeded ? "verified" : "failed"));
        _durations.Record(outcome.Took.TotalSeconds, Of(outcome.Kind));
        if (outcome is { Succeeded: true, Backup: { } backup }) Saw(backup);
    }

    /// <summary>One that is verified, whoever made it.</summary>
    public void Saw(StoredBackup backup)
    {
        var manifest = backup.Manifest;
        lock (_newest)
            if (!_newest.TryGetValue(manifest.Kind, out var known) || known.FinishedAt < manifest.FinishedAt) _newest[manifest.Kind] = (manifest.FinishedAt, manifest.Bytes);
    }

    private IReadOnlyList<(string Kind, DateTimeOffset FinishedAt, long Bytes)> Newest()
    {
        lock (_newest) return [.. _newest.Select(entry => (entry.Key, entry.Value.FinishedAt, entry.Value.Bytes))];
    }

    private static KeyValuePair<string, object?> Of(string kind) => new("kind", kind);
}
