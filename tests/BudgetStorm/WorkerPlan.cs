using System.Text.Json;

namespace Shabou.BudgetStorm;

/// <summary>What one process does.</summary>
/// <param name="Database">Connection string.</param>
/// <param name="Places">Address of the simulator.</param>
/// <param name="Key">The simulator's key.</param>
/// <param name="Name">Begins the names of its reservations.</param>
/// <param name="Reservations">Their numbers; empty: only wait until every reservation is settled.</param>
/// <param name="KillPercent">How many of 100 granted calls the process does not live to send.</param>
/// <param name="Seed">Of its dice.</param>
/// <param name="Concurrency">Reservations at once.</param>
/// <param name="MicrosPerCall">The price.</param>
public sealed record WorkerPlan(
    string Database, string Places, string Key, string Name, IReadOnlyList<int> Reservations, int KillPercent, int Seed, int Concurrency, long MicrosPerCall)
{
    public static WorkerPlan Parse(string json) => JsonSerializer.Deserialize<WorkerPlan>(json) ?? throw new ArgumentException("The plan is null.", nameof(json));

    public override string ToString() => JsonSerializer.Serialize(this);
}
