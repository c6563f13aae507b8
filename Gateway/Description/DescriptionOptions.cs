namespace Shabou.Gateway.Description;

/// <summary>How the one OpenAPI document of all services is kept.</summary>
public sealed class DescriptionOptions
{
    public const string Section = "Description";

    /// <summary>The gateway's address for the world, such as <c>https://api.shabouautopieces.tn</c>. Default none: the document says "here",
    /// which is right wherever it is read from the gateway itself.</summary>
    public Uri? Address { get; set; }

    /// <summary>Services are asked again when their parts are this old and somebody reads the document. Default 5 minutes.</summary>
    public TimeSpan RefreshEvery { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The same while a part is missing. Default 5 s.</summary>
    public TimeSpan RetryEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A service gets this long to hand over its part; then the document goes out without news of it. Default 5 s.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>In bytes; a service's part that is larger is not taken. Default 4 MiB.</summary>
    public int MaxPartBytes { get; set; } = 4 * 1024 * 1024;
}
