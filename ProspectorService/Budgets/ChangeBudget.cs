using System.Diagnostics;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.Options;
using Shabou.Schema;
using Shabou.Schema.Prospector;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ProspectorService.Budgets;

/// <summary>Moves the kill switch and the caps: one statement on the row that every grant locks, so grants before it stand and none after it
/// follows the old ones. The database records each change.</summary>
internal sealed partial class ChangeBudget(ShabouContext context, IOptionsSnapshot<PlacesBudgetOptions> options, TimeProvider time, ILogger<ChangeBudget> logger)
{
    /// <returns>Null when it is done, else why not.</returns>
    public async Task<ProblemHttpResult?> SwitchAsync(SwitchWrite write, HttpContext http, CancellationToken cancellationToken)
    {
        if (write.Killed is not { } killed) return Problem.Invalid("killed", "must be true or false.");
        if (RefuseReason(write.Reason) is { } refusal) return refusal;
        if (await ChangeAsync(http, write.Reason!, s => s.SetProperty(b => b.Killed, killed), cancellationToken) is { } stale) return stale;
        LogSwitched(killed, CallerOf(http), write.Reason!);
        return null;
    }

    /// <returns>Null when it is done, else why not.</returns>
    public async Task<ProblemHttpResult?> SetCapsAsync(CapsWrite write, HttpContext http, CancellationToken cancellationToken)
    {
        if (write.CallsPerDay < 0) return Problem.Invalid("callsPerDay", "must not be negative; zero stops all calls.");
        if (write.CallsPerMonth < 0) return Problem.Invalid("callsPerMonth", "must not be negative; zero stops all calls.");
        if (write.MicrosPerMonth < 0) return Problem.Invalid("microsPerMonth", "must not be negative; zero allows free calls only.");
        if (RefuseReason(write.Reason) is { } refusal) return refusal;
        var now = await LedgerState.ReadAsync(context, sku: "", idempotencyKey: "", cancellationToken);
        if (RefuseRaise(write, now.Now) is { } raise) return raise;
        var until = write.Until?.ToUniversalTime();
        if (await ChangeAsync(
            http, write.Reason!,
            s => s.SetProperty(b => b.CallsPerDay, write.CallsPerDay).SetProperty(b => b.CallsPerMonth, write.CallsPerMonth)
                .SetProperty(b => b.MicrosPerMonth, write.MicrosPerMonth).SetProperty(b => b.RaisedUntil, until),
            cancellationToken) is { } stale) return stale;
        LogCapped(write.CallsPerDay, write.CallsPerMonth, write.MicrosPerMonth, until, CallerOf(http), write.Reason!);
        return null;
    }

    private static ProblemHttpResult? RefuseReason(string? reason) => string.IsNullOrWhiteSpace(reason) || reason.Length > BudgetSwitch.ReasonMaxLength
        ? Problem.Invalid("reason", $"must say why, in 1 to {BudgetSwitch.ReasonMaxLength} characters.")
        : null;

    private ProblemHttpResult? RefuseRaise(CapsWrite write, DateTimeOffset now)
    {
        var (configured, most) = (BudgetCaps.Configured(options.Value), BudgetCaps.HardMost);
        var caps = new (string Name, long? Wanted, long Configured, long Most)[]
        {
            ("callsPerDay", write.CallsPerDay, configured.CallsPerDay, most.CallsPerDay), ("callsPerMonth", write.CallsPerMonth, configured.CallsPerMonth, most.CallsPerMonth),
            ("microsPerMonth", write.MicrosPerMonth, configured.MicrosPerMonth, most.MicrosPerMonth),
        };
        if (caps.FirstOrDefault(cap => cap.Wanted > cap.Most) is { Name: not null } passed)
            return Problem.Unprocessable(passed.Name, $"must not exceed {passed.Most}, which nobody may raise; it is part of the program.");
        var raised = caps.FirstOrDefault(cap => cap.Wanted > cap.Configured);
        return (raised.Name, write.Until) switch
        {
            (null, null) => null,
            (null, _) => Problem.Unprocessable("until", "is for raised caps, and none of these is above the configured one; leave it out."),
            (_, null) => Problem.Unprocessable("until", $"must say until when, because {raised.Name} is above the configured {raised.Configured}: at most {PlacesBudgetOptions.LongestRaise.Days} days ahead."),
            var (_, until) when until <= now || until > now + PlacesBudgetOptions.LongestRaise =>
                Problem.Unprocessable("until", $"must lie ahead, by at most {PlacesBudgetOptions.LongestRaise.Days} days; it is {now:yyyy-MM-ddTHH:mm:ssZ} now."),
            _ => null,
        };
    }

    private async Task<ProblemHttpResult?> ChangeAsync(HttpContext http, string reason, Action<UpdateSettersBuilder<BudgetSwitch>> change, CancellationToken cancellationToken)
    {
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var refusal)) return refusal;
        var seen = await context.BudgetSwitches.Where(s => s.Scope == BudgetSwitch.Places).Select(s => s.Revision).SingleAsync(cancellationToken);
        var (caller, trace, now) = (CallerOf(http), Activity.Current?.TraceId.ToString(), time.GetUtcNow());
        var changed = expected.Matches((uint)seen)
            ? await context.BudgetSwitches
                .Where(s => s.Scope == BudgetSwitch.Places && s.Revision == seen)
                .ExecuteUpdateAsync(
                    s =>
                    {
                        change(s);
                        s.SetProperty(b => b.Reason, reason).SetProperty(b => b.ChangedBy, caller).SetProperty(b => b.ChangedTrace, trace)
                            .SetProperty(b => b.ChangedAt, now).SetProperty(b => b.Revision, b => b.Revision + 1);
                    },
                    cancellationToken)
            : 0;
        return changed == 1 ? null : ExpectedVersion.Stale("budget", BudgetSwitch.Places);
    }

    private static string CallerOf(HttpContext http)
    {
        var subject = http.User.FindFirstValue(ClientClaims.Subject) ?? "unknown";
        return subject[..Math.Min(subject.Length, BudgetSwitch.ActorMaxLength)];
    }

    [LoggerMessage(LogLevel.Warning, "The kill switch of Google Places was set to {Killed} by {Caller}: {Reason}")]
    private partial void LogSwitched(bool killed, string caller, string reason);

    [LoggerMessage(LogLevel.Warning, "The caps of Google Places were set to {CallsPerDay} calls a day, {CallsPerMonth} a month and {Micros} micro-dollars a month until {Until} by {Caller}: {Reason}")]
    private partial void LogCapped(int? callsPerDay, int? callsPerMonth, long? micros, DateTimeOffset? until, string caller, string reason);
}
