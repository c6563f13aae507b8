namespace Shabou.Forecasting;

/// <summary>The four Theta models of Fiorucci et al. 2016.</summary>
public enum ThetaVariant
{
    /// <summary>STM: theta is 2, the trend line is that of the whole history.</summary>
    Standard,

    /// <summary>OTM: theta is estimated, the trend line is that of the whole history.</summary>
    Optimised,

    /// <summary>DSTM: theta is 2, the trend line at a period is that of the history up to it.</summary>
    DynamicStandard,

    /// <summary>DOTM: theta is estimated, the trend line at a period is that of the history up to it.</summary>
    DynamicOptimised,
}
