using System.Globalization;
using Shabou.PlacesSimulator.Quotas;

namespace Shabou.PlacesSimulator.Calls;

/// <summary>What the simulator was asked: the truth that a budget's ledger is compared with.</summary>
/// <param name="Total">Calls received, refused ones included.</param>
/// <param name="PerDay">Calls by day of America/Los_Angeles.</param>
/// <param name="ByMethod">Calls by method, then by HTTP status; "none" counts those that never got an answer.</param>
internal sealed record CallCounts(int Total, IReadOnlyDictionary<string, int> PerDay, IReadOnlyDictionary<string, Dictionary<string, int>> ByMethod);

/// <summary>Counts each call as it arrives, and again by how it ended.</summary>
internal sealed class CallLog(TimeProvider time)
{
    public const string NoAnswer = "none";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<DateOnly, int> _perDay = [];
    private readonly Dictionary<string, Dictionary<string, int>> _byMethod = [];
    private int _total;

    /// <summary>Counts a call before anything else happens to it; until it ends it has no answer.</summary>
    public void Arrive(string method)
    {
        lock (_gate)
        {
            _total++;
            var day = BillingDay.Of(time.GetUtcNow());
            _perDay[day] = _perDay.GetValueOrDefault(day) + 1;
            Add(method, NoAnswer, 1);
        }
    }

    public void Answer(string method, int status)
    {
        lock (_gate)
        {
            // A reset may have come between arrival and answer.
            if (!_byMethod.TryGetValue(method, out var statuses) || statuses.GetValueOrDefault(NoAnswer) == 0) return;
            Add(method, NoAnswer, -1);
            Add(method, status.ToString(CultureInfo.InvariantCulture), 1);
        }
    }

    public CallCounts Read()
    {
        lock (_gate)
        {
            return new(
                _total,
                _perDay.ToDictionary(day => day.Key.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), day => day.Value),
                _byMethod.ToDictionary(method => method.Key, method => method.Value.Where(count => count.Value > 0).ToDictionary()));
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _total = 0;
            _perDay.Clear();
            _byMethod.Clear();
        }
    }

    private void Add(string method, string status, int count)
    {
        if (!_byMethod.TryGetValue(method, out var statuses)) _byMethod[method] = statuses = [];
        statuses[status] = statuses.GetValueOrDefault(status) + count;
    }
}
