using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Shabou.Forecasting;

/// <summary>Two times 512 bits: one hides the latency of the other.</summary>
internal readonly struct SixteenLanes(Vector512<double> first, Vector512<double> second) : IEtsLanes<SixteenLanes>
{
    private readonly Vector512<double> _first = first, _second = second;
    public static int Width => 16;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes Load(ref double from, int at) =>
        new(Vector512.LoadUnsafe(ref from, (nuint)at), Vector512.LoadUnsafe(ref from, (nuint)at + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(SixteenLanes lanes, ref double to, int at)
    {
        lanes._first.StoreUnsafe(ref to, (nuint)at);
        lanes._second.StoreUnsafe(ref to, (nuint)at + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes Of(double value) => new(Vector512.Create(value), Vector512.Create(value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes Add(SixteenLanes a, SixteenLanes b) => new(a._first + b._first, a._second + b._second);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes Subtract(SixteenLanes a, SixteenLanes b) => new(a._first - b._first, a._second - b._second);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes Multiply(SixteenLanes a, SixteenLanes b) => new(a._first * b._first, a._second * b._second);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes Divide(SixteenLanes a, SixteenLanes b) => new(a._first / b._first, a._second / b._second);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes MultiplyAdd(SixteenLanes a, SixteenLanes b, SixteenLanes c) =>
        new(Vector512.FusedMultiplyAdd(a._first, b._first, c._first), Vector512.FusedMultiplyAdd(a._second, b._second, c._second));
}

/// <summary>Three times 512 bits: as many as a model of months has unknowns.</summary>
internal readonly struct TwentyFourLanes(Vector512<double> first, Vector512<double> second, Vector512<double> third) : IEtsLanes<TwentyFourLanes>
{
    private readonly Vector512<double> _first = first, _second = second, _third = third;
    public static int Width => 24;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwentyFourLanes Load(ref double from, int at) =>
        new(Vector512.LoadUnsafe(ref from, (nuint)at), Vector512.LoadUnsafe(ref from, (nuint)at + 8), Vector512.LoadUnsafe(ref from, (nuint)at + 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(TwentyFourLanes lanes, ref double to, int at)
    {
        lanes._first.StoreUnsafe(ref to, (nuint)at);
        lanes._second.StoreUnsafe(ref to, (nuint)at + 8);
        lanes._third.StoreUnsafe(ref to, (nuint)at + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwentyFourLanes Of(double value) => new(Vector512.Create(value), Vector512.Create(value), Vector512.Create(value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwentyFourLanes Add(TwentyFourLanes a, TwentyFourLanes b) => new(a._first + b._first, a._second + b._second, a._third + b._third);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwentyFourLanes Subtract(TwentyFourLanes a, TwentyFourLanes b) => new(a._first - b._first, a._second - b._second, a._third - b._third);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwentyFourLanes Multiply(TwentyFourLanes a, TwentyFourLanes b) => new(a._first * b._first, a._second * b._second, a._third * b._third);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwentyFourLanes Divide(TwentyFourLanes a, TwentyFourLanes b) => new(a._first / b._first, a._second / b._second, a._third / b._third);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwentyFourLanes MultiplyAdd(TwentyFourLanes a, TwentyFourLanes b, TwentyFourLanes c) =>
        new(Vector512.FusedMultiplyAdd(a._first, b._first, c._first), Vector512.FusedMultiplyAdd(a._second, b._second, c._second), Vector512.FusedMultiplyAdd(a._third, b._third, c._third));
}
