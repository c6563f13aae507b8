namespace Shabou.OpenApi;

/// <summary>What parameters mean, by their name: the same name means the same everywhere, unless a service says otherwise.</summary>
internal sealed class ParameterTexts(ServiceDescription service)
{
    private static readonly Dictionary<string, string> s_texts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["id"] = "Its id, a UUID.",
        ["sku"] = "The part's number, 1 to 64 characters.",
        ["after"] = "The 'next' of the page before, unchanged; without it the list starts.",
        ["size"] = "How many at most, 1 to 100. Default 50.",
        ["from"] = "From this moment on.",
        ["to"] = "Up to this moment.",
        ["state"] = "Only those in this state.",
        ["ListJobs.queue"] = "Only jobs of this queue: catalog, forecast, prospector or ops.",
        ["ListJobs.kind"] = "Only jobs of this kind, for example catalog.price-list.",
        ["Idempotency-Key"] = "1 to 255 printable ASCII characters of the caller's choice. A request repeated with the same key within 24 hours has one effect and is answered as the first was.",
        ["If-Match"] = "The ETag that was read.",
        ["If-None-Match"] = "The ETag that the caller has; 304 when it is the newest.",
    };

    private readonly Dictionary<string, string> _own = new(service.Parameters, StringComparer.OrdinalIgnoreCase);

    /// <summary>Null when nobody has said yet: the test of the document names it then.</summary>
    public string? Of(string name, string? operation)
    {
        var exact = $"{operation}.{name}";
        return _own.GetValueOrDefault(exact) ?? _own.GetValueOrDefault(name) ?? s_texts.GetValueOrDefault(exact) ?? s_texts.GetValueOrDefault(name);
    }
}
