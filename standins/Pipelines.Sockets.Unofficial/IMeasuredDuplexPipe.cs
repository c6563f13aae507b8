using System.IO.Pipelines;

namespace Pipelines.Sockets.Unofficial;

/// <summary>A pair of pipes that counts what goes through it, in bytes.</summary>
public interface IMeasuredDuplexPipe : IDuplexPipe
{
    long TotalBytesSent { get; }

    long TotalBytesReceived { get; }
}
