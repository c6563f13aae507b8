using Shabou.ForecastService.Demand;
using Shabou.Forecasting;

namespace Shabou.ForecastService.Training;

/// <summary>One part's history as the model takes it, and where it stands on the calendar.</summary>
/// <param name="First">Number of the first period, see <see cref="Periods"/>.</param>
/// <param name="History">One value per period to the last recorded one; NaN where nothing was observed or the part was out of stock.</param>
internal sealed record PartSeries(char Frequency, int First, PartHistory History)
{
    public string Sku => History.Id;

    /// <summary>Number of the period after the history: the first to be forecast.</summary>
    public int Next => First + History.Demand.Length;

    public bool IsObserved
    {
        get
        {
            foreach (var value in History.Demand)
                if (!double.IsNaN(value)) return true;
            return false;
        }
    }
}
