using CsvHelper;

namespace Shabou.ForecastService.Replenishment;

/// <summary>The whole list as CSV, written while it is read in pieces. When the database fails in the middle the connection is cut, so that half
/// a file is never taken for a whole one.</summary>
internal sealed class ReplenishmentCsv(ReplenishmentList list, Guid version, string? warehouse, double? level) : IResult
{
    private const int PieceLines = 2_000;

    private static readonly string[] s_head =
    [
        "sku", "warehouse", "on_hand", "reserved", "on_order", "position", "protection_periods", "forecast", "safety_stock", "reorder_point", "order_up_to",
        "proposed_order", "unit_value", "currency", "expected_shortage", "money_at_risk", "reason",
    ];

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancellationToken = httpContext.RequestAborted;
        RankedLine? last = null;
        var piece = await list.ReadAsync(version, warehouse, level, last, PieceLines, cancellationToken);
        httpContext.Response.ContentType = "text/csv; charset=utf-8";
        httpContext.Response.Headers.ContentDisposition = "attachment; filename=replenishment.csv";
        var csv = CsvWriter.Create(httpContext.Response.Body, CsvWriterOptions.Default, leaveOpen: true);
        await csv.WriteRecordAsync(s_head, cancellationToken);
        while (piece.Count > 0)
        {
            foreach (var (_, line) in piece) await WriteAsync(csv, line, cancellationToken);
            last = piece[^1].Place;
            piece = piece.Count < PieceLines ? [] : await list.ReadAsync(version, warehouse, level, last, PieceLines, cancellationToken);
        }

        await csv.DisposeAsync(); // writes the rest; not on the way out of a failure
    }

    private static ValueTask WriteAsync(CsvWriter csv, ReplenishmentLine line, CancellationToken cancellationToken)
    {
        csv.WriteField(line.Sku);
        csv.WriteField(line.Warehouse);
        csv.WriteField(line.OnHand);
        csv.WriteField(line.Reserved);
        csv.WriteField(line.OnOrder);
        csv.WriteField(line.Position);
        csv.WriteField(line.ProtectionPeriods);
        csv.WriteField(line.Forecast);
        csv.WriteField(line.SafetyStock);
        csv.WriteField(line.ReorderPoint);
        csv.WriteField(line.OrderUpTo);
        csv.WriteField(line.ProposedOrder);
        csv.WriteField(line.UnitValue);
        csv.WriteField(line.Currency);
        csv.WriteField(line.ExpectedShortage);
        csv.WriteField(line.MoneyAtRisk);
        csv.WriteField(line.Reason);
        return csv.EndRecordAsync(cancellationToken);
    }
}
