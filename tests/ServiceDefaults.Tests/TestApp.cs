using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shabou.ServiceDefaults.Auth;
using Shabou.Testing;

namespace Shabou.ServiceDefaults.Tests;

/// <summary>A small service with the defaults, on a real Kestrel and a free port.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    public const string Audience = "catalog";

    private readonly WebApplication _app;

    private TestApp(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.First());
        Client = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    /// <summary>Sends no headers of its own.</summary>
    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>What the console would show.</summary>
    public LogLines Log => Services.GetServices<ILoggerProvider>().OfType<LogLines>().Single();

    public static async Task<TestApp> StartAsync(
        Action<WebApplication> map, Action<WebApplicationBuilder>? configure = null, string environment = "Production", params (string Key, string? Value)[] settings)
    {
        var app = Build(map, builder =>
        {
            builder.AddServiceAuth(Audience);
            configure?.Invoke(builder);
        }, environment, [("Tokens:KeySet", TestTokens.KeySet), .. settings]);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestApp(app);
    }

    /// <summary>Without a word about who may call.</summary>
    public static WebApplication Build(
        Action<WebApplication> map, Action<WebApplicationBuilder>? configure = null, string environment = "Production", params (string Key, string? Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment, ApplicationName = typeof(TestApp).Assembly.GetName().Name });
        builder.Configuration.AddInMemoryCollection(settings.GroupBy(setting => setting.Key).ToDictionary(key => key.Key, key => key.Last().Value)); // a test's own come last
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.Services.AddSingleton<ILoggerProvider, LogLines>();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapServiceDefaults();
        map(app);
        return app;
    }

    /// <summary>A request as the gateway sends it.</summary>
    public static HttpRequestMessage As(string role, HttpMethod method, string path, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new("Bearer", TestTokens.Signer.Token(role, [Audience], "client-1", "Société é"));
        return request;
    }

    public Task<HttpResponseMessage> GetAsync(string path) =>
        Client.SendAsync(As(ClientRoles.User, HttpMethod.Get, path), TestContext.Current.CancellationToken);

    /// <summary>Ends only after every request, with its span, has ended.</summary>
    public Task StopAsync() => _app.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        await _app.DisposeAsync();
    }
}
