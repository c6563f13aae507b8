namespace Shabou.ForecastService.Demand;

/// <summary>The grid of periods of each frequency: Y, Q, M, W (from Monday), D, and O for periods without a calendar, which are numbered as
/// days. A date anywhere in a period stands for the period.</summary>
/// <remarks>Hours (H) are not stored, because a period is a date; sum them to days first.</remarks>
internal static class Periods
{
    public const int FirstYear = 1900;
    public const int LastYear = 2199;

    /// <summary>For messages.</summary>
    public const string Known = "Y, Q, M, W, D or O";

    public static bool IsKnown(char frequency) => frequency is 'Y' or 'Q' or 'M' or 'W' or 'D' or 'O';

    /// <summary>Periods of the cycle that methods look for: 1 is none.</summary>
    public static int Season(char frequency) => frequency switch { 'Q' => 4, 'M' => 12, 'W' => 52, 'D' => 7, _ => 1 };

    /// <summary>Number of the period that has this day; the next period has the next number.</summary>
    public static int IndexOf(char frequency, DateOnly day) => frequency switch
    {
        'Y' => day.Year,
        'Q' => day.Year * 4 + (day.Month - 1) / 3,
        'M' => day.Year * 12 + day.Month - 1,
        'W' => day.DayNumber / 7, // day 0, 0001-01-01, was a Monday
        _ => day.DayNumber,
    };

    /// <summary>First day of the period with this number.</summary>
    public static DateOnly StartOf(char frequency, int index) => frequency switch
    {
        'Y' => new DateOnly(index, 1, 1),
        'Q' => new DateOnly(index / 4, index % 4 * 3 + 1, 1),
        'M' => new DateOnly(index / 12, index % 12 + 1, 1),
        'W' => DateOnly.FromDayNumber(index * 7),
        _ => DateOnly.FromDayNumber(index),
    };

    /// <summary>The first period of a history that does not say when it starts: that of 1970-01-05 (a Monday) for W, else of 1970-01-01.</summary>
    public static int DefaultStart(char frequency) => IndexOf(frequency, new DateOnly(1970, 1, frequency == 'W' ? 5 : 1));

    /// <summary>Whether a period with this number begins in the years that are stored.</summary>
    public static bool IsInRange(char frequency, int index) =>
        index >= IndexOf(frequency, new DateOnly(FirstYear, 1, 1)) && index <= IndexOf(frequency, new DateOnly(LastYear, 12, 31));
}
