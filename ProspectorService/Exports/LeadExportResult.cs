using System.Data;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.ProspectorService.Audit;
using Shabou.ProspectorService.Leads;
using Shabou.Schema;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Exports;

/// <summary>Sends an export. All of it is of one moment; that it is made is written down, with the number of leads, before the first byte leaves.</summary>
/// <remarks>When the database fails in the middle the connection is cut, so that half a file is never taken for a whole one.</remarks>
internal sealed class LeadExportResult(LeadFilter filter, string purpose, string format) : IResult
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerOptions.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        SqlCommandCounter.AllowMany();
        var context = httpContext.RequestServices.GetRequiredService<ShabouContext>();
        return context.Database.CreateExecutionStrategy().ExecuteAsync(async cancellation =>
        {
            // Tried again only while nothing has left.
            if (httpContext.Response.HasStarted) throw new InvalidOperationException("The database failed while leads were being sent.");
            await using var moment = await context.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
            var reader = new ExportReader(context, filter, httpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
            await RecordAsync(httpContext, await reader.CountAsync(cancellation), cancellation);
            httpContext.Response.Headers.CacheControl = "no-store";
            var to = httpContext.RequestServices.GetRequiredKeyedService<IExportFormat>(format);
            await to.WriteAsync(reader.ReadAsync(cancellation), httpContext.Response, cancellation);
        }, httpContext.RequestAborted);
    }

    // On a connection of its own: committed, whatever becomes of the reading.
    private async Task RecordAsync(HttpContext http, int leads, CancellationToken cancellationToken)
    {
        await using var scope = http.RequestServices.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ShabouContext>();
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        context.Add(new LeadExport
        {
            Id = Guid.CreateVersion7(now), At = now, Actor = http.RequestServices.GetRequiredService<AuditActor>().Name, TraceId = AuditActor.Trace,
            Purpose = purpose, Format = format, Filters = JsonSerializer.Serialize(filter, s_json), Leads = leads,
        });
        await context.SaveChangesAsync(cancellationToken);
    }
}
