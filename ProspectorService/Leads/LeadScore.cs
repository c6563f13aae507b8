namespace Shabou.ProspectorService.Leads;

/// <summary>What a score is made from.</summary>
/// <param name="BusinessStatus">OPERATIONAL, CLOSED_TEMPORARILY, CLOSED_PERMANENTLY, or null when Google does not say.</param>
/// <param name="Types">Google's types, for example car_repair.</param>
/// <param name="HasPhone">It publishes a phone that can be dialled.</param>
/// <param name="HasSite">It has a site of its own: a page on Facebook is none.</param>
/// <param name="Rating">1.0 to 5.0, or null.</param>
/// <param name="IsNear">It is in a governorate that the shop delivers to itself, see <see cref="LeadOptions.HomeGovernorates"/>.</param>
internal sealed record ScoreInputs(string? BusinessStatus, IReadOnlyList<string> Types, bool HasPhone, bool HasSite, double? Rating, bool IsNear);

/// <summary>One reason of a score.</summary>
/// <param name="Code">Never changes its meaning; what Google said cannot be read from it.</param>
/// <param name="Points">What it adds, or takes away.</param>
internal sealed record ScoreReason(string Code, int Points);

/// <summary>How promising a lead is: 0 to 100, the sum of its reasons. A function of its inputs and nothing else.</summary>
/// <param name="Value">0 to 100.</param>
/// <param name="Version">Of the rules. Leads scored by older ones are scored anew when they are found again.</param>
/// <param name="Reasons">All that counted, in the order of the rules.</param>
internal sealed record LeadScore(int Value, int Version, IReadOnlyList<ScoreReason> Reasons)
{
    /// <summary>Raise it with every change of a rule.</summary>
    public const int CurrentVersion = 1;

    // The first that fits. Garages fit parts every day; parts shops buy what they do not stock; tyre shops and dealers now and then.
    private static readonly (string Type, ScoreReason Reason)[] Trades =
    [
        ("car_repair", new("trade-car-repair", 25)), ("auto_parts_store", new("trade-auto-parts-store", 20)),
        ("tire_shop", new("trade-tire-shop", 15)), ("car_dealer", new("trade-car-dealer", 10)),
    ];

    public static LeadScore Of(ScoreInputs lead)
    {
        // Nothing makes up for a business that is no more.
        if (lead.BusinessStatus == "CLOSED_PERMANENTLY") return new(0, CurrentVersion, [new("closed-permanently", 0)]);
        ScoreReason?[] counted =
        [
            lead.BusinessStatus switch { "OPERATIONAL" => new("operational", 20), "CLOSED_TEMPORARILY" => new("closed-temporarily", -20), _ => null },
            Trades.FirstOrDefault(trade => lead.Types.Contains(trade.Type)).Reason,
            lead.HasPhone ? new("has-phone", 20) : null,
            lead.HasSite ? new("has-site", 10) : null,
            lead.Rating switch { >= 4.5 => new("rating-high", 15), >= 4 => new("rating-good", 10), >= 3 => new("rating-fair", 5), _ => null },
            lead.IsNear ? new("near", 10) : null,
        ];
        var reasons = counted.OfType<ScoreReason>().ToList();
        return new(Math.Clamp(reasons.Sum(reason => reason.Points), 0, 100), CurrentVersion, reasons);
    }
}
