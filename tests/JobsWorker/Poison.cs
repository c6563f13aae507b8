using Shabou.Jobs;

namespace Shabou.JobsWorker;

/// <summary>Fails in the way that it is asked to.</summary>
internal sealed class Poison : IJobHandler<PoisonOrder>
{
    public async Task<object?> RunAsync(JobContext<PoisonOrder> job, CancellationToken cancellationToken)
    {
        switch (job.Payload.How)
        {
            case "throw": throw new InvalidOperationException("poison");
            case "hang":
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return null;
            case "block":
                using (var never = new ManualResetEventSlim()) never.Wait(TimeSpan.FromMinutes(5), CancellationToken.None); // does not heed its token
                return null;
            case "allocate":
                var hundredMegabytes = new byte[100_000_000];
                Array.Fill(hundredMegabytes, (byte)1);
                return Convert.ToBase64String(hundredMegabytes); // far more than a result may have
            default: throw new JobFailedException($"There is no poison '{job.Payload.How}'.");
        }
    }
}
