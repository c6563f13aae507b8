using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Shabou.PlacesSimulator.Access;
using Shabou.PlacesSimulator.Fields;
using Shabou.PlacesSimulator.Quotas;

namespace Shabou.PlacesSimulator.Calls;

/// <summary>What the simulator was asked: the truth that a budget's ledger is compared with.</summary>
/// <param name="Total">Calls received, refused ones included.</param>
/// <param name="PerDay">Calls by day of America/Los_Angeles.</param>
/// <param name="ByMethod">Calls by method, then by HTTP status; "none" counts those that never got an answer.</param>
internal sealed record CallCounts(int Total, IReadOnlyDictionary<string, int> PerDay, IReadOnlyDictionary<string, Dictionary<string, int>> ByMethod);

/// <summary>Some of the calls, in the order in which they came.</summary>
/// <param name="Items">Oldest first.</param>
/// <param name="Next">Send it as <c>after</c> for those that follow; null when there are none.</param>
internal sealed record CallPage(IReadOnlyList<LoggedCall> Items, int? Next);

/// <summary>Remembers each call from the moment it arrives until the next reset.</summary>
internal sealed class CallLog(TimeProvider time)
{
    private const string NoAnswer = "none";

    private readonly Lock _gate = new();
    private readonly List<LoggedCall> _calls = [];

    /// <summary>Writes a call down before anything else happens to it; until it ends it has no answer.</summary>
    public LoggedCall Arrive(string method, IHeaderDictionary headers)
    {
        lock (_gate)
        {
            var call = new LoggedCall
            {
                Number = _calls.Count + 1,
                At = time.GetUtcNow(),
                Method = method,
                KeyHash = Sent(headers, ApiKeyFilter.Header) is { } key ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..16] : null,
                FieldMask = Sent(headers, FieldMask.Header),
                IdempotencyKey = Sent(headers, "Idempotency-Key"),
            };
            _calls.Add(call);
            return call;
        }
    }

    public CallCounts Count()
    {
        lock (_gate)
        {
            return new(
                _calls.Count,
                _calls.CountBy(call => BillingDay.Of(call.At).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).ToDictionary(),
                _calls.GroupBy(call => call.Method).ToDictionary(
                    calls => calls.Key, calls => calls.CountBy(call => call.Status?.ToString(CultureInfo.InvariantCulture) ?? NoAnswer).ToDictionary()));
        }
    }

    public CallPage Read(int after, int size)
    {
        lock (_gate)
        {
            LoggedCall[] page = [.. _calls.Skip(after).Take(size).Select(call => call with { })];
            return new(page, after + page.Length < _calls.Count && page.Length > 0 ? page[^1].Number : null);
        }
    }

    public void Reset()
    {
        lock (_gate) _calls.Clear();
    }

    private static string? Sent(IHeaderDictionary headers, string name) => headers[name].ToString() is { Length: > 0 } value ? value : null;
}
