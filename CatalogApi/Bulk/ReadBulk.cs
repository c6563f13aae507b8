#pragma warning disable ASP0029 // the validation that endpoints have; its types are still marked experimental
using System.ComponentModel.DataAnnotations;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Validation;
using Shabou.CatalogApi.Products;

namespace Shabou.CatalogApi.Bulk;

/// <summary>Reads the array row by row; a row that cannot be right is an error of its own and not of the request.</summary>
internal sealed class ReadBulk(IOptions<JsonOptions> json, IOptions<ValidationOptions> validation)
{
    public const int MaxRows = 10_000;

    private readonly HashSet<string> _externalIds = new(StringComparer.Ordinal);
    private readonly HashSet<string> _skus = new(StringComparer.Ordinal);
    private readonly HashSet<(string Brand, string Gtin)> _gtins = [];

    /// <returns>Null when there are too many.</returns>
    /// <exception cref="JsonException">The body is no JSON array.</exception>
    public async Task<List<BulkRow>?> ReadAsync(PipeReader body, BulkErrors errors, CancellationToken cancellationToken)
    {
        if (await IsNullAsync(body, cancellationToken)) throw new JsonException();
        var rows = new List<BulkRow>();
        var index = 0;
        await foreach (var element in JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(body, json.Value.SerializerOptions, cancellationToken))
        {
            if (index == MaxRows) return null;
            if (Read(index, element, errors) is { } write && await IsValidAsync(index, write, errors, cancellationToken) && IsNew(index, write, errors)) rows.Add(new(index, write));
            index++;
        }
        return rows;
    }

    // The reader of arrays takes null for an empty one.
    private static async Task<bool> IsNullAsync(PipeReader body, CancellationToken cancellationToken)
    {
        var start = await body.ReadAtLeastAsync(1, cancellationToken);
        var isNull = !start.Buffer.IsEmpty && start.Buffer.FirstSpan.TrimStart(" \r\n\t"u8) is [(byte)'n', ..];
        body.AdvanceTo(start.Buffer.Start); // nothing is taken, nor waited for
        return isNull;
    }

    private ProductWrite? Read(int index, JsonElement element, BulkErrors errors)
    {
        try
        {
            if (element.Deserialize<ProductWrite>(json.Value.SerializerOptions) is { } write) return write;
            errors.Add(index, null, "", "The row is null.");
        }
        catch (JsonException error)
        {
            errors.Add(index, ExternalIdOf(element), error.Path?.TrimStart('$', '.') ?? "", "Missing, unknown, or not of the type it must have.");
        }
        return null;
    }

    private static string? ExternalIdOf(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("externalId", out var id) || id.ValueKind != JsonValueKind.String) return null;
        try
        {
            return id.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }

    private async Task<bool> IsValidAsync(int index, ProductWrite write, BulkErrors errors, CancellationToken cancellationToken)
    {
        if (!validation.Value.TryGetValidatableTypeInfo(typeof(ProductWrite), out var rules))
            throw new InvalidOperationException($"The rules of {nameof(ProductWrite)} are not known: no endpoint takes it.");
        var context = new ValidateContext { ValidationOptions = validation.Value, ValidationContext = new ValidationContext(write, null, null) };
        await rules.ValidateAsync(write, context, cancellationToken);
        foreach (var (member, reasons) in context.ValidationErrors ?? []) errors.Add(index, write.ExternalId, CamelCase(member), string.Join(' ', reasons));
        if (write.ExternalId is null) errors.Add(index, null, "externalId", "A bulk row must have an externalId: by it the part is found.");
        if (write.Gtin is { } gtin && !Gtin.IsValid(gtin)) errors.Add(index, write.ExternalId, "gtin", "Has 8, 12, 13 or 14 digits, the last of them the check digit.");
        if (!errors.Has(index) && HasNul(write)) errors.Add(index, write.ExternalId, "", "Has a NUL character, which no text may have.");
        return !errors.Has(index);
    }

    // Of rows that contradict each other the first counts.
    private bool IsNew(int index, ProductWrite write, BulkErrors errors)
    {
        if (!_externalIds.Add(write.ExternalId!)) errors.Add(index, write.ExternalId, "externalId", "An earlier row has the same externalId.");
        else if (!_skus.Add(write.Sku)) errors.Add(index, write.ExternalId, "sku", "An earlier row has the same sku.");
        else if (write.Gtin is { } gtin && !_gtins.Add((write.Brand, gtin))) errors.Add(index, write.ExternalId, "gtin", "An earlier row has the same gtin and brand.");
        return !errors.Has(index);
    }

    private static bool HasNul(ProductWrite write)
    {
        return Nul(write.Names.Fr) || Nul(write.Names.Ar) || Nul(write.Names.En) || Nul(write.Brand) || Nul(write.Category) || Nul(write.OeNumber) || Nul(write.ExternalId)
            || (write.OeNumbers ?? []).Concat(write.CrossReferences ?? []).Any(n => Nul(n.Number) || Nul(n.Maker));
        static bool Nul(string? text) => text?.Contains('\0', StringComparison.Ordinal) == true;
    }

    private static string CamelCase(string path) => string.Join('.', path.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
