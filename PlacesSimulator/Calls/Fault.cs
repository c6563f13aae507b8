using System.Text.Json.Serialization;

namespace Shabou.PlacesSimulator.Calls;

/// <summary>Something that a test wants to go wrong.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Fault>))]
internal enum Fault
{
    /// <summary>429 with the minute quota's name.</summary>
    MinuteQuota,

    /// <summary>429 with the day quota's name.</summary>
    DayQuota,

    /// <summary>500 INTERNAL.</summary>
    Error,

    /// <summary>503 UNAVAILABLE.</summary>
    Unavailable,

    /// <summary>Never an answer; after two minutes the connection is cut.</summary>
    Timeout,

    /// <summary>The right answer, but late.</summary>
    Slow,

    /// <summary>200 with a body that is no answer of Google's: cut JSON, HTML, wrong types, null, in turns.</summary>
    Malformed,

    /// <summary>200 with 8 MB of JSON.</summary>
    Oversized,

    /// <summary>The connection is cut at once.</summary>
    Dropped,

    /// <summary>Businesses come twice, the second time under an id of their own.</summary>
    SecondId,

    /// <summary>Businesses come twice under the same id.</summary>
    Repeated,

    /// <summary>Places that searches no longer find, and whose ids are dead.</summary>
    Vanished,
}
