namespace Shabou.PlacesSimulator.Calls;

/// <summary>What to get wrong, and how often: for the next <paramref name="Count"/> calls, or for <paramref name="Percent"/> of all from now on.</summary>
/// <param name="Answer">What.</param>
/// <param name="Count">1 to 10,000; 1 when neither is given.</param>
/// <param name="Percent">0 to 100; 0 switches it off, 100 meets every call.</param>
/// <param name="Milliseconds">How late a slow answer is, 1 to 120,000.</param>
internal sealed record FaultRequest(Fault Answer, int? Count = null, int? Percent = null, int Milliseconds = 2_000)
{
    /// <summary>What to send instead; null when all is well.</summary>
    public string? Problem() => this switch
    {
        { Count: not null, Percent: not null } => "Send count or percent, not both.",
        { Count: < 1 or > Faults.Most } => $"count must be 1 to {Faults.Most}.",
        { Percent: < 0 or > 100 } => "percent must be 0 to 100.",
        { Milliseconds: < 1 or > 120_000 } => "milliseconds must be 1 to 120000.",
        _ => null,
    };
}

/// <summary>The faults that are on.</summary>
/// <param name="Waiting">How many of the next calls will meet one.</param>
/// <param name="Next">The same by fault.</param>
/// <param name="Percent">The shares that are on.</param>
internal sealed record FaultView(int Waiting, IReadOnlyDictionary<Fault, int> Next, IReadOnlyDictionary<Fault, int> Percent);

/// <summary>Quotas for each method until the next reset.</summary>
/// <param name="CallsPerMinute">1 to 1,000,000.</param>
/// <param name="CallsPerDay">1 to 10,000,000.</param>
internal sealed record QuotaRequest(int CallsPerMinute, int CallsPerDay)
{
    /// <summary>What to send instead; null when all is well.</summary>
    public string? Problem() => this is { CallsPerMinute: >= 1 and <= 1_000_000, CallsPerDay: >= 1 and <= 10_000_000 }
        ? null
        : "Send callsPerMinute, 1 to 1000000, and callsPerDay, 1 to 10000000.";
}

/// <summary>A fresh start.</summary>
/// <param name="Seed">Where chance starts from; null is <c>Places:Seed</c>.</param>
internal sealed record ResetRequest(int? Seed = null);
