using Shabou.OpenApi;

namespace Shabou.CatalogApi.OpenApi;

/// <summary>What the OpenAPI document of the catalog says beyond what follows from its endpoints.</summary>
internal static class CatalogDescription
{
    public static void AddCatalogDescription(this IHostApplicationBuilder builder)
    {
        builder.AddDescription(s_catalog);
        builder.Services.AddOpenApi(options => options.Describe());
    }

    private static readonly ServiceDescription s_catalog = new("Shabou catalog",
        "Parts, vehicles, stock and prices of a Tunisian auto-parts shop. Amounts are dinars with three decimals; names are in French, Arabic and English.")
    {
        Parameters = new Dictionary<string, string>
        {
            ["slug"] = "Its slug: lower case letters, digits and hyphens.",
            ["horizon"] = "Periods to look ahead, 1 to 1000. Default: all that are known.",
            ["onError"] = "What a wrong row does: reject-all (default) stores nothing, reject-rows leaves it out and reports it, ignore leaves it out and only counts it.",
            ["dryRun"] = "true: check only, change nothing.",
            ["supplier"] = "A supplier's slug.",
            ["brand"] = "A brand's slug; where several may be given, repeat the parameter or separate them by commas.",
            ["category"] = "A category's slug; where several may be given, repeat the parameter or separate them by commas.",
            ["vehicle"] = "Id or KType of a vehicle.",
            ["make"] = "Who builds the vehicle: Renault, Peugeot ...",
            ["model"] = "Name of the model: Clio, 208 ...",
            ["year"] = "A year in which the vehicle was built.",
            ["ktype"] = "TecDoc's number of a vehicle type.",
            ["vin"] = "A vehicle identification number, or its beginning.",
            ["q"] = "Words, each of which must occur; accents, case and small typing errors do not matter.",
            ["Accept-Language"] = "The language of names: ar, fr or en. French for others.",
        },
        Examples = new Dictionary<string, string>
        {
            ["externalId"] = "\"ERP-4711\"", ["fr"] = "\"Plaquettes de frein avant\"", ["ar"] = "\"فحمات فرامل أمامية\"", ["en"] = "\"Front brake pads\"",
            ["name"] = "\"Plaquettes de frein avant\"", ["oeNumber"] = "\"06A 905 161 B\"", ["number"] = "\"06A 905 161 B\"", ["maker"] = "\"Volkswagen\"", ["gtin"] = "\"4006381333931\"",
            ["brand"] = "\"bosch\"", ["category"] = "\"plaquettes-de-frein\"", ["supplier"] = "\"stand-pieces\"", ["slug"] = "\"bosch\"", ["parent"] = "\"freinage\"",
            ["path"] = "\"freinage/plaquettes-de-frein/\"", ["priceExclTax"] = "92.5", ["priceInclTax"] = "110.075", ["price"] = "92.5", ["amount"] = "92.5", ["vatRate"] = "19",
            ["baseQuantity"] = "12", ["action"] = "\"updated\"", ["stale"] = "false", ["ageSeconds"] = "0",
            ["field"] = "\"gtin\"", ["reason"] = "\"Has 8, 12, 13 or 14 digits, the last of them the check digit.\"", ["make"] = "\"Renault\"", ["type"] = "\"1.5 dCi\"", ["engine"] = "\"K9K 770\"",
            ["kind"] = "\"price-list\"", ["ttl"] = "900", ["ttlSeconds"] = "900", ["year"] = "2015", ["yearFrom"] = "2012", ["yearTo"] = "2019", ["fromYear"] = "2012", ["toYear"] = "2019", ["vinPrefix"] = "\"VF1BR\"",
        },
    };
}
