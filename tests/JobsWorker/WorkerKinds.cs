using Shabou.Jobs;

namespace Shabou.JobsWorker;

public static class WorkerKinds
{
    public static readonly JobKind<EffectOrder> Effect = new("test.effect", "test", TimeSpan.FromMinutes(2));
    public static readonly JobKind<PoisonOrder> Poison = new("test.poison", "test", TimeSpan.FromSeconds(1)) { MaxAttempts = 2 };
}

/// <param name="Milliseconds">How long the work takes.</param>
public sealed record EffectOrder(int Milliseconds);

/// <param name="How">throw, hang, block or allocate.</param>
public sealed record PoisonOrder(string How);
