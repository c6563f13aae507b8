using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Npgsql;
using Shabou.Schema.Released;
using Shabou.Testing;

namespace Shabou.Schema.Tests.Changes;

/// <summary>The services of the last release themselves, built from the history, over the schema of today: what <see cref="CompatibilityTests"/> plays is done.</summary>
public sealed class LastReleaseTests(TestServers servers) : IDisposable
{
    private const string Unknown = "00000000-0000-7000-8000-000000000000";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);
    private static readonly string s_root = Root();

    private readonly DirectoryInfo _release = Directory.CreateTempSubdirectory("shabou-release-");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact, Trait("Category", "Faults")]
    public async Task Services_of_the_last_release_read_write_and_work_over_the_schema_of_today()
    {
        var commit = await LastReleaseAsync();
        Assert.SkipWhen(commit is null, "The history here does not reach back to the last release: clone all of it.");
        await RunAsync("bash", "-c", $"set -o pipefail; git archive {commit} | tar -x -C '{_release.FullName}'");
        var database = await servers.CreateEmptyDatabaseAsync();
        var (exitCode, output) = await MigratorProcess.RunAsync(database);
        Assert.True(exitCode == 0, output);

        await using (var catalog = await StartAsync("CatalogApi", database, Roles.Catalog))
        {
            using var client = await UseAsync(catalog);
            await WriteAsync(client, HttpMethod.Post, "/api/v1/brands", JsonContent.Create(new { slug = "release", name = "Release" }));
            await WriteAsync(client, HttpMethod.Put, "/api/v1/brands/release", JsonContent.Create(new { slug = "released", name = "Released" }));
            await WriteAsync(client, HttpMethod.Post, "/api/v1/suppliers", JsonContent.Create(new { slug = "release", name = "Release" }));
            var page = await client.GetFromJsonAsync<JsonElement>("/api/v1/products?size=1", Cancelled);
            var sku = page.GetProperty("items")[0].GetProperty("sku").GetString();
            await WorkAsync(client, "/api/v1/price-lists?supplier=release", $"sku,price\n{sku},95.500\n"); // its worker claims, does and finishes a job
            await WriteAsync(client, HttpMethod.Delete, "/api/v1/brands/released", null);
        }
        await using (var forecast = await StartAsync("ForecastService", database, Roles.Forecast))
        {
            using var client = await UseAsync(forecast);
            await WriteAsync(client, HttpMethod.Post, "/api/v1/demand", Csv("sku,period,quantity\nRELEASE-1,2026-09-01,7\nRELEASE-1,2026-10-01,4\n"));
            await WorkAsync(client, "/api/v1/training-runs", null);
        }
        await using (var prospector = await StartAsync("ProspectorService", database, Roles.Prospector))
        {
            using var client = await UseAsync(prospector);
            await WriteAsync(client, HttpMethod.Post, "/api/v1/campaigns", JsonContent.Create(new { name = "Release", locations = new[] { "Sfax" }, queries = new[] { "garage" }, pagesPerQuery = 1 }));
        }
    }

    public void Dispose() => _release.Delete(recursive: true);

    /// <summary>What was there before the first migration that the release does not have; null when the history does not tell.</summary>
    private static async Task<string?> LastReleaseAsync()
    {
        if (!Path.Exists(Path.Combine(s_root, ".git"))) return null;
        var later = Directory.EnumerateFiles(Path.Combine(s_root, "Schema", "Migrations"), "2*.cs").Select(file => Path.GetFileName(file)!)
            .Where(file => !file.EndsWith(".Designer.cs", StringComparison.Ordinal) && string.CompareOrdinal(file, $"{Release.Migration}.cs") > 0).Min(StringComparer.Ordinal);
        if (later is null) return (await RunAsync("git", "rev-parse", "HEAD")).Trim();
        var added = (await RunAsync("git", "log", "--diff-filter=A", "--format=%P", "--", $"Schema/Migrations/{later}")).Split('\n', ' ')[0];
        return added.Length > 0 ? added : null;
    }

    private async Task<ServiceProcess> StartAsync(string service, string database, string role)
    {
        await RunAsync("dotnet", "build", Path.Combine(_release.FullName, service), "-v", "q", "-nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false");
        var built = Directory.EnumerateFiles(Path.Combine(_release.FullName, service, "bin"), $"{service}.dll", SearchOption.AllDirectories).Single();
        var login = new NpgsqlConnectionStringBuilder(database) { Username = role, Password = MigratorProcess.PasswordOf(role), MaxPoolSize = 15 };
        return await ServiceProcess.StartAsync(service,
            [("ConnectionStrings:shabou", login.ConnectionString), ("ConnectionStrings:redis", servers.Redis), ("Catalog:Cache:Prefix", $"test:{Guid.NewGuid():N}"), ("Places:ApiKey", "none"), ("Jobs:Poll", "00:00:00.2")],
            Cancelled, Path.GetDirectoryName(built));
    }

    /// <summary>Asks whether it is ready, and every question that its description has.</summary>
    private async Task<HttpClient> UseAsync(ServiceProcess service)
    {
        var client = service.SignedIn();
        client.Timeout = TimeSpan.FromMinutes(1);
        using var health = await client.GetAsync(new Uri("/health", UriKind.Relative), Cancelled);
        // A release from before Schema/Released knows no range of schemas: it works, and calls itself not ready.
        var knowsRange = Directory.Exists(Path.Combine(_release.FullName, "Schema", "Released"));
        Assert.Equal(knowsRange ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, health.StatusCode);

        var description = await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Cancelled);
        var asked = 0;
        var failed = new List<string>();
        foreach (var path in description.GetProperty("paths").EnumerateObject().Where(path => path.Value.TryGetProperty("get", out _)))
        {
            var address = string.Concat(path.Name.Split('/').Skip(1).Select(part => "/" + (part.StartsWith('{') ? part.Contains("id", StringComparison.OrdinalIgnoreCase) ? Unknown : "nobody" : part)));
            using var answer = await client.GetAsync(new Uri(address, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancelled);
            asked++;
            if ((int)answer.StatusCode >= 500) failed.Add($"GET {address}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancelled)}");
        }
        Assert.True(asked > 10);
        Assert.True(failed.Count == 0, string.Join('\n', failed));
        return client;
    }

    private static async Task WriteAsync(HttpClient client, HttpMethod method, string address, HttpContent? content)
    {
        using var answer = await SendAsync(client, method, address, content);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {address}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancelled)}");
    }

    private static async Task WorkAsync(HttpClient client, string address, string? csv)
    {
        using var answer = await SendAsync(client, HttpMethod.Post, address, csv is null ? null : Csv(csv));
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, $"POST {address}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancelled)}");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        JsonElement job;
        do
        {
            await tick.WaitForNextTickAsync(limit.Token);
            job = await client.GetFromJsonAsync<JsonElement>(answer.Headers.Location, limit.Token);
        }
        while (job.GetProperty("state").GetString() is "available" or "running");
        Assert.True(job.GetProperty("state").GetString() == "completed", job.ToString());
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string address, HttpContent? content)
    {
        var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative)) { Content = content };
        if (method != HttpMethod.Post) request.Headers.IfMatch.Add(EntityTagHeaderValue.Any);
        return client.SendAsync(request, Cancelled);
    }

    private static StringContent Csv(string lines) => new(lines, Encoding.UTF8, "text/csv");

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = s_root })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Cancelled), process.StandardError.ReadToEndAsync(Cancelled));
        await process.WaitForExitAsync(Cancelled).WaitAsync(s_patience, Cancelled);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output}{await error}");
        return await output;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Shabou.slnx"))) folder = folder.Parent ?? throw new InvalidOperationException("Shabou.slnx is not above the tests' folder.");
        return folder.FullName;
    }
}
