using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Shabou.Forecasting;

/// <summary>Several numbers that one instruction treats alike. Every operation is IEEE 754 lane by lane and the fused one is fused everywhere,
/// so twenty-four, sixteen, eight, four or one lane at a time give the same bits.</summary>
internal interface IEtsLanes<TSelf> where TSelf : struct, IEtsLanes<TSelf>
{
    static abstract int Width { get; }
    static abstract TSelf Load(ref double from, int at);
    static abstract void Store(TSelf lanes, ref double to, int at);
    static abstract TSelf Of(double value);
    static abstract TSelf Add(TSelf a, TSelf b);
    static abstract TSelf Subtract(TSelf a, TSelf b);
    static abstract TSelf Multiply(TSelf a, TSelf b);
    static abstract TSelf Divide(TSelf a, TSelf b);

    /// <summary>a * b + c, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);
}

/// <summary>512 bits.</summary>
internal readonly struct EightLanes(Vector512<double> value) : IEtsLanes<EightLanes>
{
    private readonly Vector512<double> _value = value;
    public static int Width => 8;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes Load(ref double from, int at) => new(Vector512.LoadUnsafe(ref from, (nuint)at));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(EightLanes lanes, ref double to, int at) => lanes._value.StoreUnsafe(ref to, (nuint)at);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes Of(double value) => new(Vector512.Create(value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes Add(EightLanes a, EightLanes b) => new(a._value + b._value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes Subtract(EightLanes a, EightLanes b) => new(a._value - b._value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes Multiply(EightLanes a, EightLanes b) => new(a._value * b._value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes Divide(EightLanes a, EightLanes b) => new(a._value / b._value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes MultiplyAdd(EightLanes a, EightLanes b, EightLanes c) => new(Vector512.FusedMultiplyAdd(a._value, b._value, c._value));
}

/// <summary>256 bits.</summary>
internal readonly struct FourLanes(Vector256<double> value) : IEtsLanes<FourLanes>
{
    private readonly Vector256<double> _value = value;
    public static int Width => 4;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes Load(ref double from, int at) => new(Vector256.LoadUnsafe(ref from, (nuint)at));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(FourLanes lanes, ref double to, int at) => lanes._value.StoreUnsafe(ref to, (nuint)at);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes Of(double value) => new(Vector256.Create(value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes Add(FourLanes a, FourLanes b) => new(a._value + b._value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes Subtract(FourLanes a, FourLanes b) => new(a._value - b._value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes Multiply(FourLanes a, FourLanes b) => new(a._value * b._value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes Divide(FourLanes a, FourLanes b) => new(a._value / b._value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes MultiplyAdd(FourLanes a, FourLanes b, FourLanes c) => new(Vector256.FusedMultiplyAdd(a._value, b._value, c._value));
}

/// <summary>One number at a time.</summary>
internal readonly struct OneLane(double value) : IEtsLanes<OneLane>
{
    private readonly double _value = value;
    public static int Width => 1;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane Load(ref double from, int at) => new(Unsafe.Add(ref from, at));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(OneLane lanes, ref double to, int at) => Unsafe.Add(ref to, at) = lanes._value;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane Of(double value) => new(value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane Add(OneLane a, OneLane b) => new(a._value + b._value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane Subtract(OneLane a, OneLane b) => new(a._value - b._value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane Multiply(OneLane a, OneLane b) => new(a._value * b._value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane Divide(OneLane a, OneLane b) => new(a._value / b._value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane MultiplyAdd(OneLane a, OneLane b, OneLane c) => new(Math.FusedMultiplyAdd(a._value, b._value, c._value));
}
