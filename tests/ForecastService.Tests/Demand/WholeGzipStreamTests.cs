using Shabou.ServiceDefaults.Limits;

namespace Shabou.ForecastService.Tests.Demand;

public sealed class WholeGzipStreamTests
{
    private static readonly byte[] Text = [.. Enumerable.Range(0, 50_000).Select(i => (byte)(i * 7919 >> 5))];

    [Theory]
    [InlineData(1)] // the last bytes arrive one by one
    [InlineData(3)]
    [InlineData(4096)]
    public async Task A_whole_stream_comes_out_as_it_went_in(int piece) =>
        Assert.Equal(Text, await ReadAsync(Planner.Gzip(Text), piece));

    [Fact]
    public async Task A_stream_cut_anywhere_is_refused()
    {
        var packed = Planner.Gzip(Text);
        foreach (var length in new[] { 2, 10, 11, packed.Length / 3, packed.Length - 9, packed.Length - 8, packed.Length - 4, packed.Length - 1 })
            await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(packed[..length], 4096));
    }

    private static async Task<byte[]> ReadAsync(byte[] packed, int piece)
    {
        await using var stream = new WholeGzipStream(new Trickle(packed, piece));
        using var whole = new MemoryStream();
        await stream.CopyToAsync(whole, TestContext.Current.CancellationToken);
        return whole.ToArray();
    }

    private sealed class Trickle(byte[] bytes, int piece) : ForwardStream
    {
        private int _position;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = Math.Min(Math.Min(piece, buffer.Length), bytes.Length - _position);
            bytes.AsMemory(_position, count).CopyTo(buffer);
            _position += count;
            return ValueTask.FromResult(count);
        }
    }
}
