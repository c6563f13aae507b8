namespace Shabou.CatalogApi.OpenApi;

/// <summary>What parameters mean, by their name: the same name means the same everywhere.</summary>
internal static class ParameterTexts
{
    private static readonly Dictionary<string, string> s_texts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["id"] = "Its id, a UUID.",
        ["slug"] = "Its slug: lower case letters, digits and hyphens.",
        ["after"] = "The 'next' of the page before, unchanged; without it the list starts.",
        ["size"] = "How many at most, 1 to 100. Default 50.",
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
        ["from"] = "From this moment on.",
        ["to"] = "Up to this moment.",
        ["state"] = "Only those in this state.",
        ["queue"] = "Only jobs of this queue: catalog, forecast, prospector or ops.",
        ["kind"] = "Only jobs of this kind, for example catalog.price-list.",
        ["Idempotency-Key"] = "1 to 255 printable ASCII characters of the caller's choice. A request repeated with the same key within 24 hours has one effect and is answered as the first was.",
        ["If-Match"] = "The ETag that was read.",
        ["If-None-Match"] = "The ETag that the caller has; 304 when it is the newest.",
        ["Accept-Language"] = "The language of names: ar, fr or en. French for others.",
    };

    /// <summary>Null when nobody has said yet: the test of the document names it then.</summary>
    public static string? Of(string name, string? operation) => s_texts.GetValueOrDefault($"{operation}.{name}") ?? s_texts.GetValueOrDefault(name);
}
