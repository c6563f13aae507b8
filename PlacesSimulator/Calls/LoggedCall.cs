namespace Shabou.PlacesSimulator.Calls;

/// <summary>One call as it reached the simulator, and how it ended.</summary>
internal sealed record LoggedCall
{
    /// <summary>1 for the first call since the start or the last reset.</summary>
    public required int Number { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>SearchText or GetPlace.</summary>
    public required string Method { get; init; }

    /// <summary>The first 16 hexadecimal digits of the key's SHA-256; null when none was sent.</summary>
    public string? KeyHash { get; init; }

    public string? FieldMask { get; init; }

    /// <summary>What the caller sent as Idempotency-Key; Google would pay no heed to it.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The text searched for, or the id of the place; null when the call did not get so far.</summary>
    public string? Subject { get; set; }

    /// <summary>How many results came before this page; null when it is no search.</summary>
    public int? Offset { get; set; }

    /// <summary>What was made to go wrong; null when nothing was.</summary>
    public Fault? Fault { get; set; }

    /// <summary>The HTTP status answered; null when there was no answer, or none yet.</summary>
    public int? Status { get; set; }

    /// <summary>Remembers what the call asks for.</summary>
    public static void Describe(HttpContext http, string subject, int? offset = null)
    {
        if (http.Features.Get<LoggedCall>() is not { } call) return;
        call.Subject = subject.Length <= 200 ? subject : subject[..200];
        call.Offset = offset;
    }
}
