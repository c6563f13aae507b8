using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Shabou.CatalogApi.Prices;

/// <summary>Reads a price list from JSON, <c>[{"sku": "A-1", "priceExclTax": 12.5}]</c>, an element at a time.</summary>
internal static class PriceListJson
{
    private const string PriceMember = "priceExclTax";

    /// <exception cref="JsonException">It is not JSON, or not an array.</exception>
    public static async IAsyncEnumerable<PriceListLine> ReadAsync(Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var line = 0;
        await foreach (var element in JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(body, JsonSerializerOptions.Web, cancellationToken))
            yield return Read(++line, element);
    }

    private static PriceListLine Read(int line, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object) return new(line, null, null, "row", $"The element must be an object with sku and {PriceMember}.");
        string sku = "", price = "";
        foreach (var member in element.EnumerateObject())
        {
            switch (member.Name)
            {
                case "sku":
                    if (Text(member.Value) is not { } text) return new(line, null, null, "sku", "The SKU must be a string.");
                    sku = text.Trim();
                    break;
                case PriceMember:
                    if (member.Value.ValueKind is not (JsonValueKind.Number or JsonValueKind.Null)) return new(line, null, null, PriceMember, "The price must be a number.");
                    price = member.Value.ValueKind == JsonValueKind.Null ? "" : member.Value.GetRawText();
                    break;
                default:
                    return new(line, null, null, "row", $"The element has a member {PriceListFields.Quote(member.Name)}; members are sku and {PriceMember}.");
            }
        }
        return PriceListFields.Read(line, sku, price, PriceMember);
    }

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Null => "", _ => null };
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }
}
