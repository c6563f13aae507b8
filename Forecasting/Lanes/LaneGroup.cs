namespace Shabou.Forecasting;

/// <summary>Series of one length that go through the lanes together.</summary>
/// <param name="Members">Positions of the series, ascending, at most <paramref name="Width"/>.</param>
/// <param name="Width">Lanes to use: 1, 4 or 8.</param>
internal readonly record struct LaneGroup(ReadOnlyMemory<int> Members, int Width)
{
    /// <summary>Groups by length, in the order of the series within a length.</summary>
    public static LaneGroup[] Of(IReadOnlyList<ReadOnlyMemory<double>> histories, int width)
    {
        var order = new int[histories.Count];
        var keys = new long[order.Length];
        for (var i = 0; i < order.Length; i++) (order[i], keys[i]) = (i, ((long)histories[i].Length << 32) | (uint)i);
        Array.Sort(keys, order);

        var groups = new List<LaneGroup>(order.Length / width + 16);
        for (var start = 0; start < order.Length;)
        {
            var length = histories[order[start]].Length;
            var end = start + 1;
            while (end < order.Length && end - start < width && histories[order[end]].Length == length) end++;
            groups.Add(new(order.AsMemory(start, end - start), Narrowest(end - start, width)));
            start = end;
        }

        return [.. groups];
    }

    private static int Narrowest(int members, int width) => members == 1 ? 1 : Math.Min(width, members <= 4 ? 4 : 8);
}
