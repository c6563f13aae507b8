namespace Shabou.ServiceDefaults.Network;

/// <summary>Section <c>Network</c>.</summary>
internal sealed class NetworkOptions
{
    public const string Section = "Network";

    /// <summary>Listening on 0.0.0.0 or [::] is meant: this is a container whose ports are not published. Default: it is not.</summary>
    public bool AnyAddress { get; set; }
}
