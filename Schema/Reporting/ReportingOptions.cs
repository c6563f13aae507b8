using System.ComponentModel.DataAnnotations;

namespace Shabou.Schema.Reporting;

/// <summary>How old a report's rows may be before its answer says how old they are.</summary>
public sealed class ReportingOptions
{
    public const string Section = "Reporting";

    /// <summary>Past it the answer has the header <c>Data-As-Of</c>. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ErrorMessage = "Reporting:MaxLag must be from 0 to 1 day.")]
    public TimeSpan MaxLag { get; set; } = TimeSpan.FromSeconds(10);
}
