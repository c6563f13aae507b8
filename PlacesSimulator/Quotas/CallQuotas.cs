using Microsoft.Extensions.Options;
using Shabou.PlacesSimulator.Access;
using Shabou.PlacesSimulator.Errors;

namespace Shabou.PlacesSimulator.Quotas;

/// <summary>Counts each method's calls by minute and by day (America/Los_Angeles) and refuses those past the quota.</summary>
internal sealed class CallQuotas(IOptions<PlacesOptions> options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private (int PerMinute, int PerDay) _quotas = (options.Value.CallsPerMinute, options.Value.CallsPerDay);
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
            if (window.InDay >= _quotas.PerDay) return GoogleError.ResourceExhausted(method, perDay: true, _quotas.PerDay);
            if (window.InMinute >= _quotas.PerMinute) return GoogleError.ResourceExhausted(method, perDay: false, _quotas.PerMinute);
            _windows[method] = window with { InMinute = window.InMinute + 1, InDay = window.InDay + 1 };
            return null;
        }
    }

    /// <summary>Other quotas from now on; calls counted so far stay counted.</summary>
    public void Set(int callsPerMinute, int callsPerDay)
    {
        lock (_gate) _quotas = (callsPerMinute, callsPerDay);
    }

    /// <summary>Forgets all calls, and takes the configured quotas again.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _windows.Clear();
            _quotas = (options.Value.CallsPerMinute, options.Value.CallsPerDay);
        }
    }
}
