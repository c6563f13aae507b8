namespace Shabou.Forecasting;

/// <summary>How much time one value of a history stands for.</summary>
public enum PeriodLength
{
    Day,

    /// <summary>Seven days, from whatever weekday the grid starts on.</summary>
    Week,

    Month,

    Quarter,
}
