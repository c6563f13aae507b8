using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shabou.ForecastService.Demand;
using Shabou.ForecastService.Models;
using Shabou.ForecastService.Training;
using Shabou.Schema;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ForecastService.Forecasts;

/// <summary>A stored forecast made again, from the stored model and what the model was given then.</summary>
/// <param name="Identical">Whether it is the stored one, byte for byte.</param>
/// <param name="StoredSha256">Of the stored forecast as JSON: the answer of GET /api/v1/forecasts/{sku}?version=.</param>
/// <param name="ReplayedSha256">Of the one made again.</param>
/// <param name="ArtifactSha256">Of the model's bytes.</param>
/// <param name="TrainedBy">Code version of the training run.</param>
/// <param name="ReplayedBy">Code version of this program: another one may well differ.</param>
/// <param name="Forecast">The one made again.</param>
public sealed record ForecastReplay(
    string Sku, string ModelVersion, bool Identical, string StoredSha256, string ReplayedSha256, string ArtifactSha256, string TrainedBy, string ReplayedBy, ForecastView Forecast);

/// <summary>Makes stored forecasts again.</summary>
internal sealed class Replay(ShabouContext context, ModelArtifacts models)
{
    /// <param name="version">Null: the one that is served.</param>
    public async Task<Results<Ok<ForecastReplay>, ProblemHttpResult>> RunAsync(string sku, string? version, CancellationToken cancellationToken)
    {
        var forecasts = context.Forecasts.AsNoTracking().Where(f => f.Sku == sku && (version == null ? f.ModelVersion!.Active : f.ModelVersion!.Version == version));
        if (await forecasts.Select(ForecastRow.FromForecast).SingleOrDefaultAsync(cancellationToken) is not { } stored)
            return Problem.Of(ProblemTypes.NotFound, $"There is no forecast of SKU {RowErrors.Quote(sku)}{(version is null ? "" : $" by {RowErrors.Quote(version)}")}; GET /api/v1/models lists the versions.");
        var input = await forecasts.Select(f => f.Input).SingleAsync(cancellationToken);
        await context.Database.OpenConnectionAsync(cancellationToken);
        var model = await models.FindAsync((NpgsqlConnection)context.Database.GetDbConnection(), stored.Version, cancellationToken);
        if (input is null || model is null)
            return Problem.Of(ProblemTypes.Conflict, $"{stored.Version} was made by a program that did not keep what is needed to make it again.");

        var forecast = CheckedForecast.Of(model.Model, StoredInput.Read(input));
        var again = ForecastRow.Of(forecast, stored.Frequency, stored.FirstPeriod, model.Head).View(int.MaxValue);
        var (was, now) = (Sha256Of(stored.View(int.MaxValue)), Sha256Of(again));
        return TypedResults.Ok(new ForecastReplay(sku, stored.Version, was == now, was, now, model.Head.Sha256, model.Head.CodeVersion, ModelParameters.CodeVersion, again));
    }

    private static string Sha256Of(ForecastView view) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(view, JsonSerializerOptions.Web)));
}
