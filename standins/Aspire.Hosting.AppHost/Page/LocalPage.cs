using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.LocalHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Page;

/// <summary>
/// A small page in place of the Aspire dashboard, and the same as JSON for scripts: on the loopback address only, for who has the token that
/// the console prints. Reading accepts the token or the cookie made from it; commands accept only the token, which no other site can send.
/// </summary>
internal sealed class LocalPage(ResourceViews views, ResourceLoggerService logs, SecretMask secrets, ResourceCommandService commands) : IAsyncDisposable
{
    private const string Cookie = "shabou-local-page";
    private readonly string _token = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ0123456789", 32);
    private WebApplication? _app;

    /// <summary>The address with the token; null until started.</summary>
    public string? Address { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddLogging(logging => logging.AddFilter(_ => false));
        _app = builder.Build();

        _app.Use(AuthorizeAsync);
        _app.MapGet("/", () => File("page.html", "text/html; charset=utf-8"));
        _app.MapGet("/page.css", () => File("page.css", "text/css"));
        _app.MapGet("/page.js", () => File("page.js", "text/javascript"));
        _app.MapGet("/api/resources", () => Results.Json(views.All()));
        _app.MapGet("/api/resources/{id}/logs", LogsOf);
        _app.MapPost("/api/resources/{id}/commands/{command}", ExecuteAsync);
        await _app.StartAsync(cancellationToken);

        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Address = $"{addresses.Single()}/?token={_token}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is null)
            return;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(0.5));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }

    private async Task AuthorizeAsync(HttpContext http, RequestDelegate next)
    {
        var header = http.Request.Headers.Authorization.ToString();
        var sent = header.StartsWith("Bearer ", StringComparison.Ordinal) ? header[7..] : http.Request.Query["token"].ToString();
        var hasToken = IsToken(sent);
        if (!hasToken && !(HttpMethods.IsGet(http.Request.Method) && IsToken(http.Request.Cookies[Cookie])))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await http.Response.WriteAsync("Open the address with the token that the host printed.\n");
            return;
        }

        if (hasToken)
            http.Response.Cookies.Append(Cookie, _token, new() { HttpOnly = true, SameSite = SameSiteMode.Strict });
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'";
        await next(http);
    }

    private bool IsToken(string? text) =>
        text is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(_token));

    private IResult LogsOf(string id) => views.Knows(id)
        ? Results.Json(logs.LinesOf(id).Select(l => new { number = l.LineNumber, text = secrets.Mask(l.Content), isError = l.IsErrorMessage }))
        : Results.NotFound();

    private async Task<IResult> ExecuteAsync(string id, string command, CancellationToken cancellationToken)
    {
        if (!views.Knows(id))
            return Results.NotFound();

        var result = await commands.ExecuteCommandAsync(id, command, cancellationToken);
        return Results.Json(new { success = result.Success, message = result.Message }, statusCode: result.Success ? 200 : 409);
    }

    private static IResult File(string name, string type) =>
        Results.Stream(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!, type);
}
