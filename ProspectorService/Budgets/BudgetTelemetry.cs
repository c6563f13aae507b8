using System.Diagnostics.Metrics;

namespace Shabou.ProspectorService.Budgets;

/// <summary>What the budget did and what is left, for dashboards; the ledger is the truth. Gauges show the newest counts this process has seen,
/// at most 30 seconds old.</summary>
internal sealed class BudgetTelemetry
{
    public const string MeterName = "Shabou.Prospector";
    private readonly Counter<long> _calls;
    private readonly Counter<long> _denials;

    public BudgetTelemetry(IMeterFactory meters, LedgerNews news)
    {
        var meter = meters.Create(MeterName);
        _calls = meter.CreateCounter<long>("shabou.places.calls", "{call}", "Paid calls by SKU and how they ended: an HTTP status, timeout, failed, or released when nothing was sent.");
        _denials = meter.CreateCounter<long>("shabou.places.denials", "{call}", "Calls that the budget did not grant, by SKU and reason.");
        meter.CreateObservableGauge("shabou.places.reserved", () => Of(news, s => s.DayReserved), "{call}", "Calls granted today and not settled yet.");
        meter.CreateObservableGauge("shabou.places.budget_left", () => Left(news), "{call}", "Calls still allowed, by window: day, last-24h, month.");
        meter.CreateObservableGauge("shabou.places.spend", () => Of(news, s => s.SpentMicros), "{micro-usd}", "What this month's calls have cost, in millionths of a US dollar; reserved calls not included.");
        meter.CreateObservableGauge("shabou.places.spend_left", () => Of(news, s => s.LeftMicros), "{micro-usd}", "What this month's calls may still cost, in millionths of a US dollar.");
    }

    public void Settled(string sku, string outcome) => _calls.Add(1, new("sku", sku), new KeyValuePair<string, object?>("outcome", outcome));

    public void Denied(string sku, DenialReason reason) => _denials.Add(1, new("sku", sku), new KeyValuePair<string, object?>("reason", reason.ToString()));

    private static IEnumerable<Measurement<long>> Of(LedgerNews news, Func<LedgerSnapshot, long> figure) => news.Latest is { } latest ? [new(figure(latest))] : [];

    private static IEnumerable<Measurement<long>> Left(LedgerNews news) => news.Latest is not { } latest ? [] :
    [
        new(latest.DayLeft, new KeyValuePair<string, object?>("window", "day")),
        new(latest.LastDayLeft, new KeyValuePair<string, object?>("window", "last-24h")),
        new(latest.MonthLeft, new KeyValuePair<string, object?>("window", "month")),
    ];
}
