using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Http.Resilience;

public interface IHttpStandardResiliencePipelineBuilder
{
    string PipelineName { get; }

    IServiceCollection Services { get; }
}

public static class HttpStandardResiliencePipelineBuilderExtensions
{
    public static IHttpStandardResiliencePipelineBuilder Configure(this IHttpStandardResiliencePipelineBuilder builder, Action<HttpStandardResilienceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure(builder.PipelineName, configure);
        return builder;
    }

    /// <summary>One pipeline, so one breaker, for each scheme, host and port, instead of one for the client.</summary>
    public static IHttpStandardResiliencePipelineBuilder SelectPipelineByAuthority(this IHttpStandardResiliencePipelineBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<PipelineKey>(builder.PipelineName, key => key.Of = request =>
            request.RequestUri?.GetLeftPart(UriPartial.Authority) ?? throw new InvalidOperationException("The request message must have a URL specified."));
        return builder;
    }
}

internal sealed class PipelineKey
{
    public Func<HttpRequestMessage, string> Of { get; set; } = static _ => "";
}
