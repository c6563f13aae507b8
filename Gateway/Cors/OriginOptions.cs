namespace Shabou.Gateway.Cors;

/// <summary>The web pages whose scripts may call the gateway and read what it answers, with the caller's cookies too.</summary>
public sealed class OriginOptions
{
    public const string Section = "Cors:Origins";

    /// <summary>Compared byte by byte with what a browser sends as <c>Origin</c>. Default: the shop, with and without <c>www</c>; a list in
    /// the configuration takes the place of both. At least one.</summary>
    public IReadOnlyList<string> Origins { get; internal set; } = ["https://shabouautopieces.tn", "https://www.shabouautopieces.tn"];

    internal void Read(IConfigurationSection section)
    {
        if (section.Exists()) // also an empty list, which the rules refuse, as they do a text where a list must be
            Origins = [.. section.Value is { Length: > 0 } text ? [text] : section.GetChildren().Select(child => child.Value ?? "")];
    }
}
