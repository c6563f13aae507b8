using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Healthy when the server takes the password and answers a PING.</summary>
internal sealed class RedisHealthCheck(RedisResource server) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", server.PrimaryEndpoint.Port, cancellationToken);
            var stream = client.GetStream();
            using var reader = new StreamReader(stream);
            if (server.PasswordParameter is { Value: var password } && await AskAsync($"AUTH {password}") is var answer && answer != "+OK")
                return HealthCheckResult.Unhealthy($"The server refused the password: {answer}");

            return await AskAsync("PING") is "+PONG" ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The server does not answer PING.");

            async Task<string?> AskAsync(string command)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), cancellationToken);
                return await reader.ReadLineAsync(cancellationToken);
            }
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return HealthCheckResult.Unhealthy("The server does not answer.", error);
        }
    }
}
