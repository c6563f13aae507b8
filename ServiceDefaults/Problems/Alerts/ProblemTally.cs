namespace Shabou.ServiceDefaults.Problems.Alerts;

/// <summary>Counts the answers of one problem type until they are said. One for each type of the closed list, so its memory is bounded and
/// nothing has to be dropped, however many requests fail.</summary>
internal sealed class ProblemTally(ProblemType type)
{
    private readonly Lock _turn = new();
    private long _count;
    private DateTimeOffset _since; // the first of those counted
    private DateTimeOffset _unbroken; // the first of those without a pause between them
    private DateTimeOffset _last = DateTimeOffset.MinValue;
    private DateTimeOffset _quietUntil = DateTimeOffset.MinValue;
    private (string RequestId, string? TraceId) _example;

    public bool IsCritical { get; } = type.Category is ProblemCategories.Internal or ProblemCategories.Database or ProblemCategories.Upstream;

    public void Count(DateTimeOffset now, string requestId, string? traceId, ProblemAlertOptions options)
    {
        lock (_turn)
        {
            if (now - _last > options.Every && !IsDue(options))
            {
                _count = 0; // long over, and either said by another process or never grave enough
            }

            if (now - _last > options.Persists)
            {
                _unbroken = now;
            }

            if (_count++ == 0)
            {
                (_since, _example) = (now, (requestId, traceId));
            }

            _last = now;
        }
    }

    /// <summary>What is to be said now, or null.</summary>
    public ProblemAlert? Due(string service, ProblemAlertOptions options)
    {
        lock (_turn)
        {
            return IsDue(options)
                ? new(type, service, _count, _since, _example.RequestId, _example.TraceId)
                : null;
        }
    }

    /// <param name="alert">What was said.</param>
    /// <param name="quietUntil">Failures before this are not said again.</param>
    public void Said(ProblemAlert alert, DateTimeOffset quietUntil)
    {
        lock (_turn)
        {
            (_count, _since, _quietUntil) = (_count - alert.Count, _last, quietUntil);
        }
    }

    /// <summary>Another process has said it: this one goes on counting and asks again a little later.</summary>
    public void SaidElsewhere(DateTimeOffset quietUntil)
    {
        lock (_turn)
        {
            _quietUntil = quietUntil;
        }
    }

    // A failure of the quiet time alone is no reason: it belongs to the alert before it.
    private bool IsDue(ProblemAlertOptions options) =>
        _count > 0 && _last >= _quietUntil && (type.Category == ProblemCategories.Internal || _last - _unbroken >= options.Persists);
}
