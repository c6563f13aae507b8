namespace Shabou.Forecasting;

/// <summary>Which family of methods and distributions a class of demand takes.</summary>
internal enum DemandRoute
{
    /// <summary>Smooth and erratic: trend and season methods, errors added to the forecast.</summary>
    Regular,

    /// <summary>Intermittent and lumpy: rates, counts.</summary>
    Seldom,
}

internal static class DemandRoutes
{
    public static DemandRoute Of(DemandClass demandClass) =>
        demandClass is DemandClass.Intermittent or DemandClass.Lumpy ? DemandRoute.Seldom : DemandRoute.Regular;
}
