namespace Pipelines.Sockets.Unofficial;

/// <summary>The other side has reset the connection.</summary>
public sealed class ConnectionResetException(string message, Exception inner) : IOException(message, inner);
