using System.Collections.Concurrent;

namespace Shabou.Jobs;

/// <summary>The jobs that this process holds under lease: waiting, running, or ended and not written yet.</summary>
internal sealed class HeldJobs
{
    private readonly ConcurrentDictionary<Guid, RunningJob> _jobs = new();

    public ICollection<RunningJob> All => _jobs.Values;

    /// <summary>An older attempt that is still held here lost its lease before this one was claimed: nobody else would tell it.</summary>
    public void Add(RunningJob job)
    {
        RunningJob? older = null;
        _jobs.AddOrUpdate(job.Id, job, (_, held) =>
        {
            older = held;
            return job;
        });
        older?.Lose();
    }

    public RunningJob? Find(Guid id) => _jobs.GetValueOrDefault(id);

    /// <summary>Of an abandoned job another lease may be held by now: that one stays.</summary>
    public void Remove(RunningJob job) => _jobs.TryRemove(KeyValuePair.Create(job.Id, job));
}
