using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Shabou.OpenApi;

namespace Shabou.Gateway.Description;

/// <summary>Asks a service for its own OpenAPI document.</summary>
internal sealed partial class ServicePart(RoutedServices services, IHttpClientFactory clients, IOptions<DescriptionOptions> options, TimeProvider time, ILogger<ServicePart> logger)
{
    internal const string Client = "description";

    /// <returns>The document, or null when the service does not hand over one in time.</returns>
    internal async Task<JsonObject?> FetchAsync(string service)
    {
        using var patience = new CancellationTokenSource(options.Value.Patience, time);
        foreach (var destination in services.DestinationsOf(service))
        {
            try
            {
                return await FetchAsync(new Uri(destination.Config.Address), destination.Config.Host, patience.Token);
            }
            catch (Exception error) when (error is not OutOfMemoryException) // whatever a service answers, or does not, the document of the others goes out
            {
                LogUnavailable(service, error.GetBaseException().Message);
            }
        }
        return null;
    }

    private async Task<JsonObject> FetchAsync(Uri address, string? host, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(Client);
        client.MaxResponseContentBufferSize = options.Value.MaxPartBytes;
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, ServiceOpenApi.Path)) { Headers = { Host = host } };
        using var response = await client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        var document = JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        return document is JsonObject json && json["paths"] is JsonObject ? json : throw new JsonException("It is not an OpenAPI document.");
    }

    [LoggerMessage(LogLevel.Warning, "The service {Service} did not hand over its description: {Reason}. What is known of it stays")]
    private partial void LogUnavailable(string service, string reason);
}
