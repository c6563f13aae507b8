using Microsoft.AspNetCore.Builder;

namespace Shabou.OpenApi;

/// <summary>When an endpoint that changes something needs <c>If-Match</c>.</summary>
public enum VersionNeed
{
    /// <summary>As PUT, PATCH and DELETE do unless they say otherwise.</summary>
    Always,

    /// <summary>Only when there is something stored already that the request replaces.</summary>
    WhenStored,

    /// <summary>It changes nothing that a caller could have read in an older version.</summary>
    Never,
}

/// <summary>How an endpoint says that it does not need the version that was read, as others of its method do.</summary>
public static class Versions
{
    /// <summary>The endpoint needs no <c>If-Match</c>.</summary>
    public static TBuilder WithoutVersion<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(VersionNeed.Never);

    /// <summary>The endpoint needs <c>If-Match</c> only to replace what is stored, not to store the first.</summary>
    public static TBuilder WithVersionWhenStored<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(VersionNeed.WhenStored);
}
