using System.Globalization;
using System.Text.Json;

namespace Shabou.ServiceDefaults.Problems.Alerts;

/// <summary>That requests fail for a reason that a person has to look at.</summary>
/// <param name="Type">How they fail.</param>
/// <param name="Service">The program that answered them.</param>
/// <param name="Count">How many it has answered so since it last said so.</param>
/// <param name="Since">The first of them.</param>
/// <param name="RequestId">An example, for a search in the log.</param>
/// <param name="TraceId">The same one's trace.</param>
public sealed record ProblemAlert(ProblemType Type, string Service, long Count, DateTimeOffset Since, string RequestId, string? TraceId)
{
    /// <summary>Kind of the row; its subject is the type's kind.</summary>
    public const string Kind = "problem";

    /// <summary>One sentence: what happened, and what to do.</summary>
    public string Summary => string.Create(CultureInfo.InvariantCulture,
        $"{(Count == 1 ? "1 request was" : $"{Count} requests were")} answered {Type.Uri} by {Service} since {Since.UtcDateTime:HH:mm:ss} UTC. Search the log for request {RequestId}.");

    /// <summary>The figures as JSON.</summary>
    public string Detail => JsonSerializer.Serialize(
        new { type = Type.Uri, Type.Category, Type.Status, Service, Count, Since, RequestId, TraceId }, JsonSerializerOptions.Web);
}

/// <summary>Where alerts become rows that are delivered. A service with a database registers one; without one alerts are log lines only.</summary>
public interface IProblemAlertRows
{
    /// <summary>Writes the alert, unless one about the same type was written within <paramref name="window"/> by any process.</summary>
    /// <param name="alert">What to say.</param>
    /// <param name="now">When it is said.</param>
    /// <param name="window">How long it is then not said again.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>False when another process has said it.</returns>
    /// <remarks>Throws whatever the database throws when it is away; the alert is then logged and tried again.</remarks>
    Task<bool> TryWriteAsync(ProblemAlert alert, DateTimeOffset now, TimeSpan window, CancellationToken cancellationToken);
}
