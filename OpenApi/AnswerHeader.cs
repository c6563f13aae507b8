using Microsoft.AspNetCore.Builder;

namespace Shabou.OpenApi;

/// <summary>A header that a good answer of an endpoint may have.</summary>
/// <param name="Description">When it is there, and what it says.</param>
/// <param name="Format">Of its text, as JSON Schema names it, such as <c>date-time</c>.</param>
public sealed record AnswerHeader(string Name, string Description, string Format);

/// <summary>How an endpoint says that its answers may have a header of their own.</summary>
public static class AnswerHeaders
{
    /// <summary>Describes the header; the endpoint sets it.</summary>
    public static TBuilder WithAnswerHeader<TBuilder>(this TBuilder endpoint, AnswerHeader header) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(header);
}
