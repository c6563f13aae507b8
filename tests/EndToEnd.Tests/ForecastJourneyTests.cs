using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Shabou.EndToEnd.Tests;

public sealed class ForecastJourneyTests(ShabouApp app)
{
    private const int CarPartsSeries = 2_674;

    [Fact]
    public async Task Imported_car_parts_are_forecast_with_a_version_each()
    {
        var file = Path.Combine(Projects.AppHost.ProjectPath, "../../shared/data/carparts_zero_filled.csv.gz");
        Assert.SkipUnless(File.Exists(file), "The public series carparts_zero_filled.csv.gz are not beside the checkout; the generated file below is tested instead.");
        var forecasts = await ImportAndTrainAsync(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal(CarPartsSeries, forecasts.Count(f => f.Length > 1 && f[0] == 'T' && char.IsAsciiDigit(f[1])));
    }

    [Fact]
    public async Task A_small_generated_file_is_forecast_too()
    {
        var csv = new StringBuilder("id,start,frequency," + string.Join(',', Enumerable.Range(1, 36).Select(i => $"v{i}")) + "\n");
        for (var part = 0; part < 20; part++)
            csv.Append(CultureInfo.InvariantCulture, $"GEN-{part},2023-01-01,M,{string.Join(',', Enumerable.Range(0, 36).Select(m => (m * (part + 3)) % 5))}\n");
        var forecasts = await ImportAndTrainAsync(Gzip(csv.ToString()));
        Assert.Equal(20, forecasts.Count(f => f.StartsWith("GEN-", StringComparison.Ordinal)));
    }

    /// <summary>Imports, trains, and returns the SKUs that have forecasts, each seen with a model version.</summary>
    private async Task<HashSet<string>> ImportAndTrainAsync(byte[] gzip)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var client = await app.NewClientAsync();
        using var content = new ByteArrayContent(gzip);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        content.Headers.ContentEncoding.Add("gzip");
        using var imported = await client.PostAsync("/api/v1/demand", content, cancellation);
        Assert.True(imported.IsSuccessStatusCode, await imported.Content.ReadAsStringAsync(cancellation));

        using var started = await client.PostAsync("/api/v1/training-runs", content: null, cancellation);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        await ShabouApp.UntilCompletedAsync(client, started.Headers.Location!);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/forecasts");
        request.Headers.Accept.ParseAdd("text/csv");
        using var response = await client.SendAsync(request, cancellation);
        var rows = (await response.Content.ReadAsStringAsync(cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var version = Array.IndexOf(rows[0].TrimEnd('\r').Split(','), "model_version");
        Assert.True(version > 0, rows[0]);
        Assert.All(rows.Skip(1), row => Assert.NotEmpty(row.Split(',')[version]));
        return [.. rows.Skip(1).Select(row => row.Split(',')[0])];
    }

    private static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }
}
