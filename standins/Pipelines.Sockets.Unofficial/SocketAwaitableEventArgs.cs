using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Pipelines.Sockets.Unofficial;

/// <summary>One socket operation to await: its result is the number of bytes, its failure a <see cref="SocketException"/>.</summary>
public class SocketAwaitableEventArgs(PipeScheduler? ioScheduler = null) : SocketAsyncEventArgs, ICriticalNotifyCompletion
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile SocketError _forcedError;

    public bool IsCompleted => _done.Task.IsCompleted;

    /// <summary>Ends the operation as failed, whatever the socket says later.</summary>
    public void Abort(SocketError error = SocketError.OperationAborted)
    {
        if (error == SocketError.Success)
            throw new ArgumentException("An operation cannot be aborted with success.", nameof(error));
        _forcedError = error;
        _done.TrySetResult();
    }

    /// <summary>To be called when the socket finished the operation at once.</summary>
    public void Complete() => _done.TrySetResult();

    public SocketAwaitableEventArgs GetAwaiter() => this;

    public int GetResult()
    {
        var error = _forcedError == SocketError.Success ? SocketError : _forcedError;
        return error == SocketError.Success ? BytesTransferred : throw new SocketException((int)error);
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) => _done.Task.GetAwaiter().UnsafeOnCompleted(
        ioScheduler is null ? continuation : () => ioScheduler.Schedule(static next => ((Action)next!)(), continuation));

    protected override void OnCompleted(SocketAsyncEventArgs e) => _done.TrySetResult();
}
