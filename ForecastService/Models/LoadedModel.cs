using Shabou.Forecasting;

namespace Shabou.ForecastService.Models;

/// <summary>Which model: everything but its bytes.</summary>
/// <param name="Sha256">Of the bytes.</param>
internal sealed record ModelHead(Guid Id, string Version, string Sha256, string CodeVersion, DateTimeOffset TrainedAt);

/// <summary>A model whose bytes were checked.</summary>
internal sealed record LoadedModel(ModelHead Head, ForecastModel Model);
