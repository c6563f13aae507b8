using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Schema;
using Shabou.ServiceDefaults;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Outages;
using Shabou.ServiceDefaults.Paging;
using Shabou.Testing;

namespace Shabou.Jobs.Tests;

/// <summary>The endpoints of the queue, called by an administrator, in a program that runs no jobs of the tests' kinds.</summary>
internal sealed class JobsApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly bool _overTcp;

    /// <param name="database">Its connection string.</param>
    /// <param name="overTcp">By Kestrel on a port of its own, as in production; else in memory.</param>
    /// <param name="map">Endpoints that a service has besides.</param>
    public JobsApi(string database, bool overTcp = false, Action<WebApplication>? map = null)
    {
        _overTcp = overTcp;
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        if (overTcp) builder.WebHost.UseUrls("http://127.0.0.1:0");
        else builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:shabou", database), new("Tokens:KeySet", TestTokens.KeySet), new("Cursors:Key", TestTokens.CursorKey), new("Logging:LogLevel:Default", "Warning")]);
        builder.AddServiceDefaults();
        builder.AddServiceAuth("catalog");
        builder.AddCursors();
        builder.AddShabouDatabase();
        builder.AddDatabasePulse(DatabaseQuestion.AskAsync);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddJobs();
        _app = builder.Build();
        _app.MapServiceDefaults();
        _app.MapJobs();
        map?.Invoke(_app);
        _app.StartAsync().GetAwaiter().GetResult();
        Client = Signed("ADMIN");
    }

    public JobsApi(JobsHost host) : this(host.Services.GetRequiredService<IConfiguration>()["ConnectionStrings:shabou"]!)
    {
    }

    public HttpClient Client { get; }

    public HttpClient Signed(string role, string subject = "test-client")
    {
        var client = _overTcp ? new HttpClient() : _app.GetTestClient();
        client.BaseAddress = new Uri(_overTcp ? _app.Urls.Single() : "https://localhost");
        return client.SignIn(role, subject);
    }

    public Task<JsonElement> GetAsync(string address) => Client.GetFromJsonAsync<JsonElement>(address, TestContext.Current.CancellationToken);

    public async Task<JsonElement> PostAsync(string address)
    {
        using var response = await Client.PostAsync(address, null, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        return await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
