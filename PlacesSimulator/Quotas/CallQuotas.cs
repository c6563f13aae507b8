using Microsoft.Extensions.Options;
using Shabou.PlacesSimulator.Access;
using Shabou.PlacesSimulator.Errors;

namespace Shabou.PlacesSimulator.Quotas;

/// <summary>Counts each method's calls by minute and by day (America/Los_Angeles) and refuses those past the quota.</summary>
internal sealed class CallQuotas(IOptions<PlacesOptions> options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (DateTimeOffset Minute, int InMinute, DateOnly Day, int InDay)> _windows = [];

    /// <summary>Counts a call; the answer that refuses it when a quota is used up, null when it may pass.</summary>
    public IResult? Take(string method)
    {
        var now = time.GetUtcNow();
        var minute = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        var day = BillingDay.Of(now);
        lock (_gate)
        {
            var window = _windows.GetValueOrDefault(method);
            if (window.Minute != minute) window = window with { Minute = minute, InMinute = 0 };
            if (window.Day != day) window = window with { Day = day, InDay = 0 };
            var quotas = options.Value;
            if (window.InDay >= quotas.CallsPerDay) return GoogleError.ResourceExhausted(method, perDay: true, quotas.CallsPerDay);
            if (window.InMinute >= quotas.CallsPerMinute) return GoogleError.ResourceExhausted(method, perDay: false, quotas.CallsPerMinute);
            _windows[method] = window with { InMinute = window.InMinute + 1, InDay = window.InDay + 1 };
            return null;
        }
    }

    public void Reset()
    {
        lock (_gate) _windows.Clear();
    }
}
