namespace Shabou.Forecasting;

/// <summary>Some numbers side by side, one per series, that go through the same arithmetic together: a kernel is written once against this and
/// runs 1, 4 or 8 series wide (<see cref="Lanes1"/>, <see cref="Lanes4"/>, <see cref="Lanes8"/>).</summary>
/// <remarks>Only operations that IEEE 754 defines to the bit are offered, and none that fuses a product with a sum, so each lane gets
/// exactly the bits it would get alone. Minima and maxima are made of <see cref="Less"/> and <see cref="Select"/>, because processors
/// differ on NaN. The type parameter is a struct, so each width is compiled to its own code without calls.</remarks>
internal interface ILanes<TSelf> where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>How many series: 1, 4 or 8.</summary>
    static abstract int Width { get; }

    /// <summary>The same number in each lane.</summary>
    static abstract TSelf Of(double value);

    static abstract TSelf operator +(TSelf left, TSelf right);
    static abstract TSelf operator -(TSelf left, TSelf right);
    static abstract TSelf operator *(TSelf left, TSelf right);
    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>Of masks: both.</summary>
    static abstract TSelf operator &(TSelf left, TSelf right);

    static abstract TSelf Abs(TSelf value);

    static abstract TSelf Sqrt(TSelf value);

    /// <summary>A mask: all bits set in the lanes where left &lt; right; NaN is never less.</summary>
    static abstract TSelf Less(TSelf left, TSelf right);

    /// <summary>A mask: all bits set in the lanes where left &lt;= right.</summary>
    static abstract TSelf LessOrEqual(TSelf left, TSelf right);

    /// <summary>Takes each lane from one of two, as the mask says.</summary>
    static abstract TSelf Select(TSelf mask, TSelf whenSet, TSelf whenNot);

    /// <summary>Whether the mask is set in at least one lane.</summary>
    static abstract bool Any(TSelf mask);
}
