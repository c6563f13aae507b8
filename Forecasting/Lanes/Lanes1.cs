using System.Runtime.CompilerServices;

namespace Shabou.Forecasting;

/// <summary>One series alone: the scalar path.</summary>
internal readonly struct Lanes1(double value) : ILanes<Lanes1>
{
    private static readonly double Set = BitConverter.Int64BitsToDouble(-1);

    private readonly double _value = value;

    public static int Width => 1;

    public static Lanes1 Of(double value) => new(value);

    public static Lanes1 operator +(Lanes1 left, Lanes1 right) => new(left._value + right._value);
    public static Lanes1 operator -(Lanes1 left, Lanes1 right) => new(left._value - right._value);
    public static Lanes1 operator *(Lanes1 left, Lanes1 right) => new(left._value * right._value);
    public static Lanes1 operator /(Lanes1 left, Lanes1 right) => new(left._value / right._value);

    public static Lanes1 operator &(Lanes1 left, Lanes1 right) => Mask(IsSet(left) && IsSet(right));

    public static Lanes1 Abs(Lanes1 value) => new(Math.Abs(value._value));

    public static Lanes1 Sqrt(Lanes1 value) => new(Math.Sqrt(value._value));

    public static Lanes1 Less(Lanes1 left, Lanes1 right) => Mask(left._value < right._value);

    public static Lanes1 LessOrEqual(Lanes1 left, Lanes1 right) => Mask(left._value <= right._value);

    public static Lanes1 Select(Lanes1 mask, Lanes1 whenSet, Lanes1 whenNot) => IsSet(mask) ? whenSet : whenNot;

    public static bool Any(Lanes1 mask) => IsSet(mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes1 Mask(bool set) => new(set ? Set : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSet(Lanes1 mask) => BitConverter.DoubleToInt64Bits(mask._value) != 0;
}
