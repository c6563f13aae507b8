using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Shabou.Gateway.RateLimiting;

namespace Shabou.Gateway.Connections;

/// <summary>Counts the open connections of each network, so that none takes them all.</summary>
internal sealed partial class NetworkConnections
{
    private readonly ConnectionOptions _options;
    private readonly IPNetwork[] _trusted;
    private readonly Counter<long> _refused;
    private readonly ILogger<NetworkConnections> _logger;
    private readonly Dictionary<string, int> _open = [];
    private readonly HashSet<string> _told = []; // networks whose refusals are in the log already

    public NetworkConnections(IOptions<ConnectionOptions> options, IMeterFactory meters, ILogger<NetworkConnections> logger)
    {
        (_options, _trusted, _logger) = (options.Value, [.. options.Value.TrustedNetworks()], logger);
        _refused = meters.Create("Shabou.Gateway").CreateCounter<long>("shabou.gateway.connections_refused", "{connection}",
            "Connections closed at once because their network had too many.");
    }

    internal ConnectionDelegate Admit(ConnectionDelegate next) => connection =>
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        if (address is null || Array.Exists(_trusted, network => network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)))
            return next(connection); // one proxy brings many networks
        var network = ClientSubject.NetworkOf(address);
        return TryEnter(network) ? ServeAsync(next, connection, network) : Refuse(connection);
    };

    private async Task ServeAsync(ConnectionDelegate next, ConnectionContext connection, string network)
    {
        try
        {
            await next(connection);
        }
        finally
        {
            Leave(network);
        }
    }

    private Task Refuse(ConnectionContext connection)
    {
        _refused.Add(1);
        connection.Abort();
        return Task.CompletedTask;
    }

    private bool TryEnter(string network)
    {
        bool first;
        lock (_open)
        {
            var open = _open.GetValueOrDefault(network);
            if (open < _options.MaxConnectionsPerNetwork)
            {
                _open[network] = open + 1;
                return true;
            }
            first = _told.Add(network);
        }
        if (first)
            LogRefused(network, _options.MaxConnectionsPerNetwork);
        return false;
    }

    private void Leave(string network)
    {
        lock (_open)
        {
            var open = _open[network] - 1;
            if (open > 0)
                _open[network] = open;
            else
                _open.Remove(network);
            if (open <= _options.MaxConnectionsPerNetwork / 2)
                _told.Remove(network);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The network {Network} has {Max} connections open; more of it are closed at once (Transport:MaxConnectionsPerNetwork)")]
    private partial void LogRefused(string network, int max);
}
