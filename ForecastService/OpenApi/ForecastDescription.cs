using Shabou.OpenApi;

namespace Shabou.ForecastService.OpenApi;

/// <summary>What the OpenAPI document of the forecaster says beyond what follows from its endpoints.</summary>
internal static class ForecastDescription
{
    public static void AddForecastDescription(this IHostApplicationBuilder builder)
    {
        builder.AddDescription(s_forecast);
        builder.Services.AddOpenApi(options => options.Describe());
    }

    private static readonly ServiceDescription s_forecast = new("Shabou forecaster",
        "Demand, what is expected of it with its uncertainty, and what to order. Quantities are units per period; Y, Q, M, W, D and O name the length of a period.")
    {
        Parameters = new Dictionary<string, string>
        {
            ["period"] = "A day of the period, such as 2026-12-01.",
            ["version"] = "A model version as GET /api/v1/models lists them. Default: the one that is served.",
            ["frequency"] = "Y, Q, M, W, D or O: length of a period in the long format, which does not say it. Default M.",
            ["horizon"] = "Periods to look ahead, 1 to 1000. Default: all that are stored.",
            ["fresh"] = "true: made now, from the demand as it is now.",
            ["group"] = "Path of a category, such as freinage/plaquettes/; all parts without it.",
            ["reconcile"] = "bottom-up (default): a group is the sum of its parts; mint: parts and groups are forecast apart and moved until they add up.",
            ["warehouse"] = "A warehouse's slug; all of them together without it.",
            ["serviceLevel"] = "Share of order cycles without a shortage, between 0 and 1, instead of what is planned for each part.",
            ["ListPromotions.sku"] = "Only those of this part.",
            ["GetForecastValueAdded.sku"] = "Only this part.",
            ["from"] = "First day that counts.",
            ["to"] = "Last day that counts.",
        },
        Examples = new Dictionary<string, string>
        {
            ["ImportDemand"] = "sku,period,quantity,in_stock\nBRK-0451,2026-10,12,1\nBRK-0451,2026-11,9,1\n",
            ["ImportInStock"] = "id,start,frequency,v1,v2\nBRK-0451,2026-10-01,M,1,0\n",
            ["ImportPlanning"] = "sku,warehouse,lead_time_days,review_days,service_level\nBRK-0451,,21,7,0.95\n",
            ["ImportPromotions"] = "sku,from,to,kind,name\nBRK-0451,2026-12-01,2026-12-15,promotion,Hiver\n",
            ["values"] = "[4, 0, 7, null, 5, 6, 3, 8]", ["horizon"] = "12", ["season"] = "12", ["serviceLevel"] = "0.95", ["demandShare"] = "0.4", ["discontinued"] = "null",
            ["target"] = "\"cycleService\"", ["holdingCost"] = "0.35", ["shortageCost"] = "4.5", ["unitCost"] = "61.25", ["group"] = "\"freinage/plaquettes/\"", ["kind"] = "\"promotion\"",
            ["name"] = "\"Hiver\"", ["from"] = "\"2026-12-01\"", ["to"] = "\"2026-12-15\"", ["quantity"] = "12", ["reason"] = "\"A fleet of taxis is serviced in December.\"",
            ["fallback"] = "null", ["abcXyz"] = "\"AX\"", ["dataSha256"] = "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"", ["state"] = "\"completed\"",
        },
    };
}
