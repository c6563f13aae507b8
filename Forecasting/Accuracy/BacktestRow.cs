namespace Shabou.Forecasting;

/// <summary>One row of a model's accuracy table: how a method did on rolling origins inside the histories that taught the model.</summary>
/// <param name="Season">Periods of the cycle of the parts in the row: months, weeks and so on are never mixed.</param>
/// <param name="Class">Their class; null: all of them.</param>
/// <param name="FirstStep">First step ahead that counts, from 1.</param>
/// <param name="LastStep">Last step ahead that counts.</param>
/// <param name="Published">Whether this is the forecast that is published; the others are its candidates and the rows to compare with.</param>
/// <param name="Accuracy">The figures. Series counts each part once per origin.</param>
/// <param name="Coverage80">Share of actual demands inside the 10 to 90 % quantiles, ends included; NaN without a demand to compare.</param>
/// <param name="Coverage95">The same for 2.5 to 97.5 %. Counts can be covered more often than the name says: they have no values in between.</param>
public sealed record BacktestRow(
    int Season, DemandClass? Class, int FirstStep, int LastStep, bool Published, MethodAccuracy Accuracy, double Coverage80, double Coverage95);
