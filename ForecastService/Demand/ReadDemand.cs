using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Shabou.ForecastService.Demand;

/// <summary>Reads and checks the body of an import, whatever its form.</summary>
internal sealed class ReadDemand(DemandBody body, IOptions<DemandOptions> options, IOptions<JsonOptions> json)
{
    /// <summary>Whether this is CSV; <see langword="null"/> when it is neither CSV nor JSON.</summary>
    public static bool? IsCsv(HttpRequest request) =>
        request.HasJsonContentType() ? false : request.GetTypedHeaders().ContentType?.MediaType == "text/csv" ? true : null;

    /// <param name="request">CSV or JSON, see <see cref="IsCsv"/>.</param>
    /// <param name="frequency">Of a long CSV.</param>
    /// <param name="cancellationToken">The request's.</param>
    /// <exception cref="DemandUnreadableException">The body as a whole cannot be read.</exception>
    /// <exception cref="DemandTooLargeException">A limit is passed.</exception>
    public async Task<DemandBatch> ReadAsync(HttpRequest request, string frequency, CancellationToken cancellationToken)
    {
        var batch = new DemandBatch(options.Value.MaxObservations);
        await using var stream = await body.OpenAsync(request, cancellationToken);
        if (IsCsv(request) is true) await DemandCsv.ReadAsync(stream, frequency, options.Value.MaxColumns, batch, cancellationToken);
        else await DemandJson.ReadAsync(stream, json.Value.SerializerOptions, batch, cancellationToken);
        return batch;
    }

    /// <summary>In-stock flags from an open CSV body.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<DemandBatch> ReadFlagsAsync(Stream stream, CancellationToken cancellationToken)
    {
        var batch = new DemandBatch(options.Value.MaxObservations);
        await DemandCsv.ReadFlagsAsync(stream, options.Value.MaxColumns, batch, cancellationToken);
        return batch;
    }
}
