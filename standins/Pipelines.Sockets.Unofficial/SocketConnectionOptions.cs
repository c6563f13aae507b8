namespace Pipelines.Sockets.Unofficial;

/// <summary>How a <see cref="SocketConnection"/> waits; the caller we stand in for leaves it at its default.</summary>
[Flags]
public enum SocketConnectionOptions
{
    None = 0,
}
