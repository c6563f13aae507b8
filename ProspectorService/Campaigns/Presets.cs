namespace Shabou.ProspectorService.Campaigns;

/// <summary>What to look for to find businesses of one trade.</summary>
/// <param name="Code">What a campaign names.</param>
/// <param name="Queries">In French and in Arabic, as people search.</param>
internal sealed record CampaignPreset(string Code, string Title, string[] Queries);

internal static class Presets
{
    public static readonly IReadOnlyList<CampaignPreset> All =
    [
        new("parts-shops", "Magasins de pièces", ["pièces auto", "pièces détachées auto", "قطع غيار السيارات"]),
        new("garages", "Garages et mécaniciens", ["garage", "mécanique auto", "ورشة ميكانيك"]),
        new("tyre-shops", "Pneus", ["pneus", "vulcanisation", "إطارات"]),
        new("electricians", "Électricité et diagnostic auto", ["électricien auto", "diagnostic auto", "كهرباء السيارات"]),
        new("dealers", "Concessionnaires et vente", ["concessionnaire auto", "vente voitures occasion", "بيع السيارات"]),
    ];

    public static CampaignPreset? Find(string? code) => All.FirstOrDefault(preset => preset.Code == code);
}
