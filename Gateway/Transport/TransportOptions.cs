using System.ComponentModel.DataAnnotations;

namespace Shabou.Gateway.Transport;

/// <summary>Where https is, and how many may be connected.</summary>
public sealed class TransportOptions
{
    public const string Section = "Transport";

    /// <summary>The port a redirected browser is sent to. Default: <c>ASPNETCORE_HTTPS_PORT</c>; else 443, which is not written into the address.</summary>
    [Range(1, 65_535, ErrorMessage = "Transport:HttpsPort must be a port from 1 to 65535.")]
    public int? HttpsPort { get; set; }

    /// <summary>Connections at one time, plain and TLS together; the next one is closed at once. Default 10,000.</summary>
    [Range(10, 1_000_000, ErrorMessage = "Transport:MaxConnections must be from 10 to 1,000,000.")]
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>How often the certificate's files are compared with what is presented; a renewal is taken up at the second look. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00", ErrorMessage = "Transport:CertificateCheckEvery must be from 50 ms to 1 hour.")]
    public TimeSpan CertificateCheckEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Where an ACME client puts the answers to HTTP-01 challenges, one file per token, such as
    /// <c>/var/www/.well-known/acme-challenge</c>. Default: none, and every challenge is answered 404.</summary>
    public string? AcmeChallengeFolder { get; set; }
}
