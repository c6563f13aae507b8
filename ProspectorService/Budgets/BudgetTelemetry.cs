using System.Diagnostics.Metrics;

namespace Shabou.ProspectorService.Budgets;

/// <summary>What the budget did, for dashboards; the ledger is the truth.</summary>
internal static class BudgetTelemetry
{
    private static readonly Meter Meter = new("Shabou.Prospector");
    private static readonly Counter<long> Calls = Meter.CreateCounter<long>("shabou.places.calls", "{call}", "Paid calls by how they ended.");
    private static readonly Counter<long> Denials = Meter.CreateCounter<long>("shabou.places.denials", "{call}", "Calls that the budget did not grant.");

    public static void Settled(string sku, string outcome) => Calls.Add(1, new("sku", sku), new KeyValuePair<string, object?>("outcome", outcome));

    public static void Denied(string sku, DenialReason reason) => Denials.Add(1, new("sku", sku), new KeyValuePair<string, object?>("reason", reason.ToString()));
}
