using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace Shabou.Gateway.Routing;

/// <summary>Hands YARP the routes of section ReverseProxy, and only those that were found good as a whole. A file that is changed while
/// the gateway runs is read again; one that is not good changes nothing, and the gateway says why once.</summary>
internal sealed partial class RouteSource : IDisposable
{
    private readonly IConfiguration _configuration;
    private readonly RouteCheck _check;
    private readonly ILogger<RouteSource> _logger;
    private readonly InMemoryConfigProvider _provider = new([], []);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private RouteSettings? _current;
    private IDisposable? _watch;
    private volatile string? _refusal;

    public RouteSource(IConfiguration configuration, RouteCheck check, IMeterFactory meters, ILogger<RouteSource> logger)
    {
        (_configuration, _check, _logger) = (configuration, check, logger);
        meters.Create("Shabou.Gateway").CreateObservableGauge("shabou.gateway.routes_refused", () => _refusal is null ? 0 : 1,
            description: "1 while the configuration of the routes is refused and an older one is in use");
    }

    internal IProxyConfigProvider Provider => _provider;

    /// <summary>Why the configuration as it is now is not in use; null when it is.</summary>
    internal string? Refusal => _refusal;

    /// <summary>The first reading; there is nothing older to fall back to.</summary>
    /// <exception cref="InvalidOperationException">The routes are not good; the message is one sentence.</exception>
    internal void Start()
    {
#pragma warning disable RS0030 // nothing is served yet, so nobody waits
        if (FaultAsync().GetAwaiter().GetResult() is { } fault)
#pragma warning restore RS0030
            throw new InvalidOperationException(fault);
        if (_configuration is IConfigurationRoot root)
            foreach (var file in root.Providers.OfType<FileConfigurationProvider>())
                file.Source.OnLoadException += failed => Refuse($"The file {failed.Provider.Source.Path} cannot be read: {failed.Exception.GetBaseException().Message}");
        _watch = ChangeToken.OnChange(_configuration.GetReloadToken, () => _ = ReloadAsync());
    }

    public void Dispose()
    {
        _watch?.Dispose();
        _turn.Dispose();
    }

    private async Task ReloadAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (await FaultAsync() is { } fault)
                Refuse(fault);
            else if (Interlocked.Exchange(ref _refusal, null) is not null)
                LogAccepted(_current!.Routes.Count, _current.Clusters.Count);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Refuse(error.Message); // nobody awaits this task
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Reads the configuration and, when it is good and new, hands it to YARP; else says what is wrong with it.</summary>
    private async Task<string?> FaultAsync()
    {
        RouteSettings settings;
        try
        {
            settings = RouteSettings.Read(_configuration);
        }
        catch (InvalidOperationException unreadable)
        {
            return unreadable.Message;
        }
        if (settings.Equals(_current))
            return null;
        var faults = await _check.FaultsAsync(settings);
        if (faults.Count > 0)
            return faults.Count == 1 ? faults[0] : $"{faults[0]} ({faults.Count - 1} more)";
        _current = settings;
        _provider.Update(settings.Routes, settings.Clusters);
        return null;
    }

    private void Refuse(string fault)
    {
        if (Interlocked.Exchange(ref _refusal, fault) != fault)
            LogRefused(fault);
    }

    [LoggerMessage(LogLevel.Error, "The changed routes were refused, those before stay in use: {Fault}")]
    private partial void LogRefused(string fault);

    [LoggerMessage(LogLevel.Information, "The routes are good again: {Routes} routes to {Clusters} services")]
    private partial void LogAccepted(int routes, int clusters);
}
