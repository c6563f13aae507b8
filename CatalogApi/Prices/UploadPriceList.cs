using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json;
using CsvHelper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Shabou.CatalogApi.Audit;
using Shabou.CatalogApi.Products;
using Shabou.Jobs;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Prices;

/// <summary>Stores an upload as it is read: its rows pass from the request into the staging table without ever being in memory together.</summary>
internal sealed class UploadPriceList(ShabouContext context, JobQueue jobs, AuditActor actor, TimeProvider time)
{
    private const string AddList = """
        INSERT INTO catalog.price_lists (id, supplier_id, state, on_error, dry_run, rows_read, rows_applied, rows_refused, created_at, created_by)
        SELECT @id, s.id, 'Uploaded', @on_error, @dry_run, 0, 0, 0, @now, @by FROM catalog.suppliers s WHERE s.slug = @supplier
        RETURNING supplier_id, xmin
        """;

    private const string CopyRows = "COPY catalog.price_list_rows (price_list_id, line, sku, amount, error_column, error) FROM STDIN (FORMAT BINARY)";

    /// <summary>List, rows and job in one transaction: all of them, or nothing.</summary>
    /// <exception cref="BadHttpRequestException">413: it is too large.</exception>
    public async Task<Results<Accepted<PriceListAccepted>, ProblemHttpResult>> RunAsync(
        HttpRequest request, string supplier, RowErrors onError, bool dryRun, CancellationToken cancellationToken)
    {
        ExceptionDispatchInfo? failure = null;
        var answer = await context.Database.CreateExecutionStrategy().ExecuteAsync<Results<Accepted<PriceListAccepted>, ProblemHttpResult>?>(async cancellation =>
        {
            try
            {
                return await StoreAsync(request, supplier, onError, dryRun, cancellation);
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error); // the body has been read: this cannot be tried again
                return null;
            }
        }, cancellationToken);
        return failure is null ? answer! : Refuse(failure);
    }

    private async Task<Results<Accepted<PriceListAccepted>, ProblemHttpResult>> StoreAsync(
        HttpRequest request, string supplier, RowErrors onError, bool dryRun, CancellationToken cancellationToken)
    {
        // Null inside somebody else's transaction, who commits.
        await using var own = context.Database.CurrentTransaction is null ? await context.Database.BeginTransactionAsync(cancellationToken) : null;
        if (await AddAsync(supplier, onError, dryRun, cancellationToken) is not { } list)
            return Problem.Unprocessable("supplier", $"There is no supplier {PriceListFields.Quote(supplier)}; GET /api/v1/suppliers lists them.");
        list.RowsRead = await CopyAsync(list.Id, request, cancellationToken);
        if (list.RowsRead == 0) return Problem.Of(ProblemTypes.Unprocessable, "There is no row in it.");
        var job = jobs.Enqueue(ApplyPriceList.Kind, new ApplyPriceList.Order(list.Id));
        list.JobId = job.Id;
        await context.SaveChangesAsync(cancellationToken);
        if (own is not null) await own.CommitAsync(cancellationToken);
        return TypedResults.Accepted(JobEndpoints.LocationOf(job.Id), new PriceListAccepted(list.Id, job.Id, list.RowsRead));
    }

    private async Task<PriceList?> AddAsync(string supplier, RowErrors onError, bool dryRun, CancellationToken cancellationToken)
    {
        var (now, by) = (time.GetUtcNow(), actor.Name);
        var id = Guid.CreateVersion7(now);
        var list = await context.QueryAsync(AddList,
            [new("id", id), new("on_error", onError.ToString()), new("dry_run", dryRun), new("now", now), new("by", by), new("supplier", supplier)],
            async (rows, cancellation) => await rows.ReadAsync(cancellation)
                ? new PriceList
                {
                    Id = id, SupplierId = rows.GetGuid(0), State = PriceListState.Uploaded, OnError = onError, DryRun = dryRun, RowsRead = 0,
                    CreatedAt = now, CreatedBy = by, Version = rows.GetFieldValue<uint>(1),
                }
                : null, cancellationToken);
        if (list is not null) context.Attach(list);
        return list;
    }

    private async Task<int> CopyAsync(Guid list, HttpRequest request, CancellationToken cancellationToken)
    {
        await using var body = await PriceListBody.OpenAsync(request, cancellationToken);
        var lines = PriceListBody.IsCsv(request) is true ? PriceListCsv.ReadAsync(body, cancellationToken) : PriceListJson.ReadAsync(body, cancellationToken);
        SqlCommandCounter.Count();
        await using var copy = await ((NpgsqlConnection)context.Database.GetDbConnection()).BeginBinaryImportAsync(CopyRows, cancellationToken);
        var count = 0;
        await foreach (var line in lines)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(list, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(line.Line, NpgsqlDbType.Integer, cancellationToken);
            await TextAsync(line.Sku);
            if (line.Amount is { } amount) await copy.WriteAsync(amount, NpgsqlDbType.Numeric, cancellationToken);
            else await copy.WriteNullAsync(cancellationToken);
            await TextAsync(line.Column);
            await TextAsync(line.Error);
            count++;
        }
        await copy.CompleteAsync(cancellationToken);
        return count;

        Task TextAsync(string? text) => text is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(text, NpgsqlDbType.Varchar, cancellationToken);
    }

    private static ProblemHttpResult Refuse(ExceptionDispatchInfo failure)
    {
        switch (failure.SourceException)
        {
            case PriceListUnreadableException unreadable: return Problem.Of(ProblemTypes.BadRequest, unreadable.Message);
            case DecoderFallbackException: return Problem.Of(ProblemTypes.BadRequest, "The body is not UTF-8.");
            case InvalidDataException: return Problem.Of(ProblemTypes.BadRequest, "The gzip body is damaged or cut short.");
            case CsvFormatException csv: return Problem.Of(ProblemTypes.BadRequest, $"The CSV cannot be read at line {csv.LineNumber + 1}: a quote is out of place or never closed, or the row is too long.");
            case JsonException: return Problem.Of(ProblemTypes.BadRequest, "The body must be a JSON array of objects with sku and priceExclTax.");
        }
        failure.Throw();
        throw failure.SourceException; // not reached
    }
}
