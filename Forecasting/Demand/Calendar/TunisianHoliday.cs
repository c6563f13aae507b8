namespace Shabou.Forecasting;

/// <summary>A public holiday of Tunisia: a day on which shops and workshops are mostly closed.</summary>
/// <param name="Date">The day.</param>
/// <param name="Name">As it is called in the decree; the second day of a feast has the name of the first.</param>
public readonly record struct TunisianHoliday(DateOnly Date, string Name);
