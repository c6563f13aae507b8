using System.Globalization;
using Quartz;

namespace Shabou.ProspectorService.Campaigns;

/// <summary>When a campaign sweeps by itself, in the time of Africa/Tunis.</summary>
internal sealed class CampaignSchedule
{
    /// <summary>On the first of each month at three.</summary>
    public const string Monthly = "0 0 3 1 * ?";

    private static readonly TimeZoneInfo s_zone = TimeZoneInfo.FindSystemTimeZoneById("Africa/Tunis");
    private static readonly DateTimeOffset s_anyTime = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly CronExpression _cron;

    private CampaignSchedule(CronExpression cron)
    {
        _cron = cron;
        var last = "";
        for (var at = _cron.GetNextValidTimeAfter(s_anyTime); at is { } time && time < s_anyTime.AddYears(4); at = _cron.GetNextValidTimeAfter(time))
        {
            var month = Local(time, "yyyy-MM");
            IsMoreOftenThanMonthly = month == last;
            if (IsMoreOftenThanMonthly) break;
            last = month;
        }
    }

    /// <summary>Whether two occurrences fall into one month.</summary>
    public bool IsMoreOftenThanMonthly { get; }

    /// <param name="cron">Quartz's form, seconds first.</param>
    /// <returns>Null when it cannot be read.</returns>
    public static CampaignSchedule? Parse(string cron)
    {
        try
        {
            return new(new CronExpression(cron, s_zone));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public DateTimeOffset? Next(DateTimeOffset after) => _cron.GetNextValidTimeAfter(after);

    /// <summary>The last occurrence up to now, as what a run of it is known by: its month, or its day where a month has several. Null when
    /// there was none since the schedule began. Of several missed ones only the last is made up for.</summary>
    public string? Due(DateTimeOffset since, DateTimeOffset now) =>
        _cron.GetPreviousValidTimeBefore(now.AddSeconds(1)) is { } last && last <= now && last >= since ? Local(last, IsMoreOftenThanMonthly ? "yyyy-MM-dd" : "yyyy-MM") : null;

    private static string Local(DateTimeOffset time, string format) => TimeZoneInfo.ConvertTime(time, s_zone).ToString(format, CultureInfo.InvariantCulture);
}
