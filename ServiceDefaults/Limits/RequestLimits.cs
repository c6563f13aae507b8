using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Shabou.ServiceDefaults.Limits;

/// <summary>How large a request may be, and how strictly its JSON is read. The same in the gateway and in every service.</summary>
public static class RequestLimits
{
    /// <summary>10 MiB, in bytes. Beyond it: 413. Of a chunked body the framing counts too.</summary>
    public const long MaxBodyBytes = 10 * 1024 * 1024;

    /// <summary>8 KiB, in bytes, with method and version. Beyond it the gateway answers 414.</summary>
    public const int MaxRequestLineBytes = 8 * 1024;

    /// <summary>Beyond it the gateway answers 431.</summary>
    public const int MaxHeaders = 100;

    /// <summary>32 KiB, in bytes, of all headers together. Beyond it the gateway answers 431.</summary>
    public const int MaxHeaderBytes = 32 * 1024;

    /// <summary>Kestrel answers what is beyond its own limits without a body. They lie this many times higher, so that the gateway can say what
    /// was wrong, and so that a service has room for the headers that the gateway adds.</summary>
    private const int Room = 2;

    internal static void AddRequestLimits(this IHostApplicationBuilder builder)
    {
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Limits.MaxRequestLineSize = MaxRequestLineBytes * Room;
            kestrel.Limits.MaxRequestHeaderCount = MaxHeaders * Room;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes * Room;
        });
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            // A misspelt member is refused, not ignored: the caller believes it was heard.
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        });

        // Else a body that cannot be read answers 400 without a word outside Development.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }
}
