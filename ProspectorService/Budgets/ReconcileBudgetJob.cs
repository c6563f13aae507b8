using Shabou.Jobs;

namespace Shabou.ProspectorService.Budgets;

/// <summary>Runs <see cref="ReconcileBudget"/> as a job. Running it again finds what is there then.</summary>
internal sealed class ReconcileBudgetJob(ReconcileBudget reconcile) : IJobHandler<ReconcileBudgetJob.Order>
{
    public static readonly JobKind<Order> Kind = new("prospector.reconcile", Queue: "ops", Timeout: TimeSpan.FromMinutes(5));

    public async Task<object?> RunAsync(JobContext<Order> job, CancellationToken cancellationToken) => await reconcile.RunAsync(cancellationToken);

    /// <summary>All windows of this month and the last: there is nothing to choose.</summary>
    internal sealed record Order;
}
