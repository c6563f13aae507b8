using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shabou.Schema;
using Shabou.Schema.Jobs;
using Shabou.Schema.Ops;

namespace Shabou.Jobs.Alerts;

/// <summary>Sends one alert to the webhook. A trigger of ops.alerts enqueues it in the alert's own transaction. It is tried for about a day; a
/// receiver that answered but was not heard gets the alert again under the same id.</summary>
internal sealed partial class SendAlert(ShabouContext context, IHttpClientFactory clients, IOptions<AlertOptions> options, TimeProvider time, ILogger<SendAlert> logger) : IJobHandler<SendAlert.Order>
{
    public const string Client = "alerts";
    public static readonly JobKind<Order> Kind = new("ops.alert", "ops", TimeSpan.FromMinutes(2)) { Priority = JobPriority.P1, MaxAttempts = 100 };
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    internal sealed record Order(Guid AlertId);

    public async Task<object?> RunAsync(JobContext<Order> job, CancellationToken cancellationToken)
    {
        var alert = await context.Alerts.SingleOrDefaultAsync(a => a.Id == job.Payload.AlertId, cancellationToken) ?? throw new JobFailedException($"There is no alert {job.Payload.AlertId}.");
        if (alert.SentAt is not null) return null; // an attempt that was lost before it could say so
        if (options.Value.WebhookUrl is not { } url)
        {
            LogAlert(alert.Kind, alert.Subject, alert.Summary);
            return null;
        }
        alert.Attempts++;
        try
        {
            await PostAsync(url, alert, cancellationToken);
            (alert.SentAt, alert.LastError) = (time.GetUtcNow(), null);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            alert.LastError = error.Message.Length > Alert.ErrorMaxLength ? error.Message[..Alert.ErrorMaxLength] : error.Message;
            await context.SaveChangesAsync(cancellationToken);
            throw;
        }
        await context.SaveChangesAsync(cancellationToken);
        return null;
    }

    private async Task PostAsync(Uri url, Alert alert, CancellationToken cancellationToken)
    {
        // "text" is what Slack and its like show.
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            text = $"[{alert.Severity}] {alert.Summary}", alert.Id, alert.Kind, alert.Subject, alert.Severity, alert.Summary,
            detail = alert.Detail is null ? (JsonElement?)null : JsonSerializer.Deserialize<JsonElement>(alert.Detail), alert.CreatedAt,
        }, Json);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } } };
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        request.Headers.Add("webhook-id", alert.Id.ToString());
        request.Headers.Add("webhook-timestamp", timestamp);
        if (options.Value.WebhookSecret is { } secret)
        {
            byte[] signed = [.. Encoding.UTF8.GetBytes($"{alert.Id}.{timestamp}."), .. body];
            request.Headers.Add("webhook-signature", $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret.Reveal()), signed))}");
        }
        using var client = clients.CreateClient(Client);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode) throw new HttpRequestException($"The receiver answered {(int)response.StatusCode}.");
    }

    [LoggerMessage(LogLevel.Critical, "Alert {Kind} about {Subject}: {Summary} (set Alerts:WebhookUrl to have alerts sent)")]
    private partial void LogAlert(string kind, string subject, string summary);
}
