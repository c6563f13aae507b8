namespace Shabou.OpenApi;

/// <summary>What only a service itself can say about its interface; the rest follows from its endpoints.</summary>
/// <param name="Title">Name of the service.</param>
/// <param name="Text">What it is for, in a sentence or two.</param>
public sealed record ServiceDescription(string Title, string Text)
{
    /// <summary>What parameters mean, by name, or by <c>operationId.name</c> where one operation means something else. Wins over what all services share.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Examples as JSON, by the name of the member. Wins over what all services share.</summary>
    public IReadOnlyDictionary<string, string> Examples { get; init; } = new Dictionary<string, string>();
}
