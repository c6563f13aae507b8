using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Shabou.CatalogApi.Products;

/// <summary>Completes the cards that the database has rendered: the same bytes are neither parsed nor written again.</summary>
internal sealed class ProductJson
{
    private readonly ArrayBufferWriter<byte> _body = new(4096);

    /// <summary>A part's card with its name in one language and its price; <see cref="End"/> closes it.</summary>
    public void Begin(ReadOnlySpan<byte> card, string name, decimal vatRate, decimal price)
    {
        _body.Write(card[..^1]);
        _body.Write(",\"name\":\""u8);
        _body.Write(JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes); // the answer is JSON and says nosniff
        _body.Write("\",\"priceExclTax\":"u8);
        Amount(price);
        _body.Write(",\"priceInclTax\":"u8);
        Amount(Vat.Include(price, vatRate));
    }

    public void End() => _body.Write("}"u8);

    public void Raw(ReadOnlySpan<byte> json) => _body.Write(json);

    public void Raw(string json) => Encoding.UTF8.GetBytes(json, _body);

    public byte[] ToArray() => _body.WrittenSpan.ToArray();

    private void Amount(decimal amount)
    {
        var span = _body.GetSpan(32);
        Utf8Formatter.TryFormat(amount, span, out var written, new StandardFormat('F', 3));
        _body.Advance(written);
    }
}
