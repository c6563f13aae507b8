using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using Npgsql;

namespace Shabou.CatalogApi.Products;

/// <summary>Completes the cards that the database has rendered: their bytes go from the connection into the answer, neither parsed nor written again.</summary>
internal sealed class ProductJson : IBufferWriter<byte>, IDisposable
{
    private static readonly SearchValues<byte> s_escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);
    private byte[] _body = ArrayPool<byte>.Shared.Rent(64 * 1024); // a page of 100 parts
    private int _length;

    /// <summary>A part's card with its name in one language and its price; <see cref="End"/> closes it. From column
    /// <paramref name="first"/> on the row has card, name, VAT rate and price.</summary>
    /// <returns>The price before tax.</returns>
    public decimal Begin(NpgsqlDataReader rows, int first = 0)
    {
        Column(rows, first);
        _length--; // the card's closing brace
        Raw(",\"name\":\""u8);
        var name = _length;
        Column(rows, first + 1);
        Escape(name);
        Raw("\",\"priceExclTax\":"u8);
        var price = rows.GetDecimal(first + 3);
        Amount(price);
        Raw(",\"priceInclTax\":"u8);
        Amount(Vat.Include(price, rows.GetDecimal(first + 2)));
        return price;
    }

    /// <summary>Forgets all: a statement that is run again begins again.</summary>
    public void Clear() => _length = 0;

    public void End() => Raw("}"u8);

    public void Raw(ReadOnlySpan<byte> json)
    {
        json.CopyTo(GetSpan(json.Length));
        _length += json.Length;
    }

    public void Raw(string json) => Encoding.UTF8.GetBytes(json, this);

    public byte[] ToArray() => _body.AsSpan(0, _length).ToArray();

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _body.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _body.AsSpan(_length);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_body);
        _body = [];
    }

    private void Column(NpgsqlDataReader rows, int ordinal)
    {
        using var text = rows.GetStream(ordinal);
        Reserve((int)text.Length);
        text.ReadExactly(_body, _length, (int)text.Length);
        _length += (int)text.Length;
    }

    /// <summary>Escapes what JSON does not allow in a string; a name seldom has any of it.</summary>
    private void Escape(int from)
    {
        if (_body.AsSpan(from, _length - from).IndexOfAny(s_escaped) < 0) return;
        var plain = _body.AsSpan(from, _length - from).ToArray();
        _length = from;
        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(plain, GetSpan(plain.Length * 6), out _, out var written);
        _length += written;
    }

    private void Amount(decimal amount)
    {
        Utf8Formatter.TryFormat(amount, GetSpan(32), out var written, new StandardFormat('F', 3));
        _length += written;
    }

    private void Reserve(int more)
    {
        more = Math.Max(more, 1);
        if (_body.Length - _length >= more) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_body.Length * 2, _length + more));
        _body.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_body);
        _body = larger;
    }
}
