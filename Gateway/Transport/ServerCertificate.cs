using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Shabou.Gateway.Transport;

/// <summary>The certificate that new connections get. A renewal is taken up without a restart; connections that are open stay as they are.
/// Files that cannot be used change nothing but the health check and one line in the log.</summary>
/// <remarks>Compares what the files hold, instead of waiting for the file system to say that they changed: that works for files written in
/// place, for links that are turned (certbot's live/, the secrets of Kubernetes) and for network drives, and two small files cost nothing.
/// A change is taken up when it has been the same twice, so that a renewal which is still being written is left to finish.</remarks>
internal sealed partial class ServerCertificate : BackgroundService
{
    private readonly CertificateFiles _files;
    private readonly string _root;
    private readonly TimeSpan _every;
    private readonly TimeProvider _time;
    private readonly ILogger<ServerCertificate> _logger;
    private volatile ServedCertificate? _served;
    private volatile string? _refusal;
    private (CertificateContent?, string?) _seen;

    public ServerCertificate(
        IOptions<CertificateFiles> files, IOptions<TransportOptions> options, IHostEnvironment environment, TimeProvider time, IMeterFactory meters, ILogger<ServerCertificate> logger)
    {
        (_files, _root, _every, _time, _logger) = (files.Value, environment.ContentRootPath, options.Value.CertificateCheckEvery, time, logger);
        _served = Load(_files, _root);
        if (_served is not null)
            meters.Create("Shabou.Gateway").CreateObservableGauge("shabou.gateway.certificate_expires", () => (_served.NotAfter - _time.GetUtcNow()).TotalSeconds,
                unit: "s", description: "Seconds until the certificate presented to clients expires; negative when it has.");
    }

    /// <summary>Null when no files are configured: then the machine's development certificate is presented.</summary>
    internal ServedCertificate? Served => _served;

    /// <summary>Why the files as they are now are not used; null when they are.</summary>
    internal string? Refusal => _refusal;

    /// <summary>The certificate to start with.</summary>
    /// <exception cref="Exception">See <see cref="CertificateFiles"/>; <see cref="IsUnusable"/> knows them.</exception>
    internal static ServedCertificate? Load(CertificateFiles files, string root) => files.Read(root) is { } content ? files.Parse(content) : null;

    internal static bool IsUnusable(Exception error) => error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    internal static string Sentence(Exception error) => error.Message.Split(" (Parameter", 2)[0].TrimEnd('.') + ".";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_served is null)
            return;
        using var timer = new PeriodicTimer(_every, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Look();
    }

    internal void Look()
    {
        var (content, problem) = TryRead();
        var settled = (content, problem) == _seen;
        _seen = (content, problem);
        if (!settled)
            return;
        if (content is not null && content != _served!.Content)
            problem = TryTake(content);
        if (problem is not null && problem != _refusal) // once per reason, however long it lasts
            LogRefused(_files.Path!, problem, _served!.NotAfter);
        _refusal = problem;
    }

    private (CertificateContent?, string?) TryRead()
    {
        try
        {
            return (_files.Read(_root), null);
        }
        catch (Exception error) when (IsUnusable(error))
        {
            return (null, Sentence(error));
        }
    }

    private string? TryTake(CertificateContent content)
    {
        try
        {
            var next = _files.Parse(content);
            var now = _time.GetUtcNow();
            if (next.NotAfter <= now || next.NotBefore > now)
                return $"It is valid from {next.NotBefore:u} to {next.NotAfter:u}, which is not now.";
            _served = next;
            LogTaken(_files.Path!, next.NotAfter);
            return null;
        }
        catch (Exception error) when (IsUnusable(error))
        {
            return Sentence(error);
        }
    }

    [LoggerMessage(LogLevel.Information, "The certificate in {Path} was renewed; new connections get it, until {NotAfter:u}")]
    private partial void LogTaken(string path, DateTimeOffset notAfter);

    [LoggerMessage(LogLevel.Error, "The certificate in {Path} is not used: {Reason} The one before stays, until {NotAfter:u}")]
    private partial void LogRefused(string path, string reason, DateTimeOffset notAfter);
}
