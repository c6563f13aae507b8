using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shabou.ForecastService.Demand;
using Shabou.ForecastService.Models;
using Shabou.ForecastService.Training;
using Shabou.Forecasting;
using Shabou.Schema;

namespace Shabou.ForecastService.Forecasts;

/// <summary>Forecasts one part while somebody waits: from its demand as it is now, by the model that is served.</summary>
internal sealed class ForecastNow(ShabouContext context, ModelArtifacts models, PartHistories histories)
{
    /// <summary>How long a series that was sent may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>In two round trips: which model, and the history.</summary>
    /// <returns>The model is null when there is none yet, the row when nothing is recorded of the part.</returns>
    /// <exception cref="ModelUnusableException">The stored models are damaged or of another program.</exception>
    public async Task<(LoadedModel? Model, ForecastRow? Row)> OfAsync(string sku, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken); // closed with the request
        var connection = (NpgsqlConnection)context.Database.GetDbConnection();
        if (await models.ServedAsync(connection, cancellationToken) is not { } served) return (null, null);
        if (await histories.FindAsync(connection, sku, served.Model.Settings.Horizon, cancellationToken) is not { } part) return (served, null);
        var forecast = CheckedForecast.Of(served.Model, part.History);
        return (served, ForecastRow.Of(forecast, part.Frequency, Periods.StartOf(part.Frequency, part.Next), served.Head));
    }

    /// <summary>A history that was sent. Within the horizon of the model that is served, that one forecasts it; beyond, or without one, a model
    /// that is learned from this history alone.</summary>
    /// <returns>The head is null when the model was learned from this history alone.</returns>
    /// <exception cref="OperationCanceledException">The caller left, or it took longer than <see cref="Patience"/>.</exception>
    public async Task<(ModelHead? Model, PartForecast Forecast)> OfAsync(PartHistory part, int horizon, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        var served = await models.ServedAsync((NpgsqlConnection)context.Database.GetDbConnection(), cancellationToken);
        await context.Database.CloseConnectionAsync(); // others may need it meanwhile
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var work = Task.Run(() => served?.Model.Settings.Horizon >= horizon
            ? (served.Head, CheckedForecast.Of(served.Model, part))
            : ((ModelHead?)null, CheckedForecast.Of(ForecastModel.Learn([part], new ForecastSettings { Horizon = horizon }, threads: 1, limit.Token), part)), limit.Token);
        return await work.WaitAsync(limit.Token);
    }
}
