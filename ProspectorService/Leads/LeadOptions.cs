using System.ComponentModel.DataAnnotations;
using Shabou.ProspectorService.Regions;

namespace Shabou.ProspectorService.Leads;

/// <summary>What is kept of leads, and for how long. Section <c>Prospector:Leads</c>.</summary>
internal sealed class LeadOptions
{
    public const string Section = "Prospector:Leads";

    /// <summary>How long Google's content is kept: its terms allow 30 days. Default 29 days, so that the purge is never late; zero keeps none.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan GoogleContentTtl { get; set; } = TimeSpan.FromDays(29);

    /// <summary>Codes of the governorates that the shop delivers to itself, separated by spaces: leads there score higher. Default: Tunis and around it.</summary>
    [MaxLength(200)]
    public string HomeGovernorates { get; set; } = "TN-11 TN-12 TN-13 TN-14";

    /// <summary>Whether a lead's governorate is one of them.</summary>
    public bool IsHome(string governorate) =>
        Governorates.Find(governorate) is { } known && HomeGovernorates.Split(' ', StringSplitOptions.RemoveEmptyEntries).Contains(known.Code, StringComparer.OrdinalIgnoreCase);

    internal bool NamesGovernorates() => HomeGovernorates.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(code => Governorates.All.Any(known => code.Equals(known.Code, StringComparison.OrdinalIgnoreCase)));
}
