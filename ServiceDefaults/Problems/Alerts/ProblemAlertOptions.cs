using System.ComponentModel.DataAnnotations;

namespace Shabou.ServiceDefaults.Problems.Alerts;

/// <summary>When failing requests become an alert. Section <c>ProblemAlerts</c>.</summary>
public sealed class ProblemAlertOptions
{
    public const string Section = "ProblemAlerts";

    /// <summary>One alert per problem type and so much time, however many processes see it. Default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "ProblemAlerts:Every must be from 1 second to 1 day.")]
    public TimeSpan Every { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Problems of category database and upstream are an alert only when they last so long without a pause as long: a restart is none.
    /// Those of category internal are one at once. Default 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", ErrorMessage = "ProblemAlerts:Persists must be from 0 to 1 hour.")]
    public TimeSpan Persists { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often what was counted is looked at. Default 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00", ErrorMessage = "ProblemAlerts:Tick must be from 0.1 second to 1 minute.")]
    public TimeSpan Tick { get; set; } = TimeSpan.FromSeconds(1);
}
