using Microsoft.EntityFrameworkCore;
using Shabou.CatalogApi.Caching;
using Shabou.Jobs;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.Schema.Jobs;

namespace Shabou.CatalogApi.Prices;

/// <summary>Checks a list and applies it, in one transaction: killed anywhere it has changed nothing, and run again it finds either that or its own work done.</summary>
internal sealed partial class ApplyPriceList(ShabouContext context, CatalogVersions versions, ILogger<ApplyPriceList> logger) : IJobHandler<ApplyPriceList.Order>
{
    /// <summary>The kind of job.</summary>
    public static readonly JobKind<Order> Kind = new("catalog.price-list", "catalog", TimeSpan.FromMinutes(10)) { Priority = JobPriority.P2 };

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(9); // another list of the supplier may be running; the job's own limit is 10

    /// <summary>The job's payload.</summary>
    internal sealed record Order(Guid List);

    public async Task<object?> RunAsync(JobContext<Order> job, CancellationToken cancellationToken)
    {
        var id = job.Payload.List;
        context.Database.SetCommandTimeout(s_patience);
        var list = await context.Database.CreateExecutionStrategy().ExecuteAsync(async cancellation =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
            await context.LockSupplierAsync(id, cancellation);
            var found = await FindAsync(id, cancellation);
            if (found.State != PriceListState.Uploaded) return found; // an earlier attempt did it and was lost before it could say so
            await RunAsync(found, job, cancellation);
            found = await FindAsync(id, cancellation);
            await transaction.CommitAsync(cancellation);
            return found;
        }, cancellationToken);

        if (list.Number is not null) await versions.EverythingChangedAsync(cancellationToken);
        await job.ReportAsync(new PriceListProgress(list.RowsRead, list.RowsRead, list.RowsApplied), cancellationToken);
        LogDone(list.Id, list.State, list.Number, list.RowsApplied, list.RowsRefused);
        return PriceListOutcome.Of(list);
    }

    private async Task RunAsync(PriceList list, JobContext job, CancellationToken cancellationToken)
    {
        await job.ReportAsync(new PriceListProgress(list.RowsRead, 0, 0), cancellationToken);
        var right = await context.CheckAsync(list, cancellationToken);
        await job.ReportAsync(new PriceListProgress(list.RowsRead, list.RowsRead, 0), cancellationToken);
        await context.Database.ExecuteSqlAsync($"DELETE FROM catalog.price_list_rows WHERE price_list_id = {list.Id}", cancellationToken);
        // A list without a single right row would take all the supplier's prices away.
        var refused = right == 0 || (right < list.RowsRead && list.OnError == RowErrors.RejectAll);
        if (list.DryRun || refused)
        {
            var state = list.DryRun ? PriceListState.Checked : PriceListState.Refused;
            await context.PriceLists.Where(l => l.Id == list.Id)
                .ExecuteUpdateAsync(l => l.SetProperty(p => p.State, state).SetProperty(p => p.RowsRefused, list.RowsRead - right), cancellationToken);
            return;
        }

        await context.LockNumberAsync(cancellationToken);
        var number = (await context.PriceLists.MaxAsync(l => l.Number, cancellationToken) ?? 0) + 1;
        await context.WritePricesAsync(number, cancellationToken);
        await job.ReportAsync(new PriceListProgress(list.RowsRead, list.RowsRead, 0), cancellationToken); // nobody else has the lease, or this ends here
        await context.LockPricesAsync(cancellationToken);
        if (!await context.ApplyAsync(list.Id, number, right, job.Subject ?? "system", cancellationToken)) throw new InvalidOperationException($"Price list {list.Id} was not waiting to be applied.");
    }

    private async Task<PriceList> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await context.PriceLists.AsNoTracking().SingleOrDefaultAsync(l => l.Id == id, cancellationToken) ?? throw new JobFailedException($"There is no price list {id}.");

    [LoggerMessage(LogLevel.Information, "Price list {Id} is {State}, number {Number}: {Applied} rows applied, {Refused} refused")]
    private partial void LogDone(Guid id, PriceListState state, int? number, int applied, int refused);
}
