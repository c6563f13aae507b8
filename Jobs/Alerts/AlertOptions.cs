using System.ComponentModel.DataAnnotations;
using Shabou.ServiceDefaults.Secrets;

namespace Shabou.Jobs.Alerts;

/// <summary>When alerts are said, and who hears them. Section <c>Alerts</c>.</summary>
public sealed class AlertOptions
{
    public const string Section = "Alerts";

    /// <summary>Receives each alert as a POST of JSON, Slack's incoming webhooks included. Without one alerts are log lines and rows of ops.alerts only.</summary>
    public Uri? WebhookUrl { get; set; }

    /// <summary>Signs the deliveries as Standard Webhooks does (webhook-id, webhook-timestamp, webhook-signature). Without one they are not signed.</summary>
    public Secret? WebhookSecret { get; set; }

    /// <summary>How long the receiver may take. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")] public TimeSpan WebhookTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>More jobs of a queue due than this is an alert. Default 100.</summary>
    [Range(1, 1_000_000)] public int QueueDepth { get; set; } = 100;

    /// <summary>A greater share of failed attempts in the last five minutes is an alert. Default 0.1.</summary>
    [Range(0.0, 1.0)] public double ErrorShare { get; set; } = 0.1;

    /// <summary>The share counts from so many attempts on. Default 10.</summary>
    [Range(1, 100_000)] public int ErrorAttempts { get; set; } = 10;

    /// <summary>A queue that nobody works on for so long is an alert. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")] public TimeSpan NoWorker { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>A condition must hold so long before an alert is said, and be over so long before it is taken back. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")] public TimeSpan Hold { get; set; } = TimeSpan.FromSeconds(15);

    internal bool IsSafe() => WebhookUrl is null or { IsAbsoluteUri: true, Scheme: "https" } or { IsAbsoluteUri: true, Scheme: "http", IsLoopback: true };
}
