using System.Collections;

namespace Pipelines.Sockets.Unofficial;

/// <summary>The handlers of an event, one by one and without an allocation.</summary>
public static class Delegates
{
    public static bool IsSingle(this MulticastDelegate handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return handler.HasSingleTarget;
    }

    public static DelegateEnumerable<T> AsEnumerable<T>(this T handler) where T : MulticastDelegate => new(handler);

    public readonly struct DelegateEnumerable<T> : IEnumerable<T> where T : MulticastDelegate
    {
        private readonly T? _handler;

        internal DelegateEnumerable(T? handler) => _handler = handler;

        public DelegateEnumerator<T> GetEnumerator() => new(_handler);

        IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <remarks>A compiled foreach disposes it, so IDisposable must stay among its interfaces.</remarks>
    public struct DelegateEnumerator<T> : IEnumerator<T> where T : MulticastDelegate
    {
        private readonly T? _handler;
        private Delegate.InvocationListEnumerator<T> _list;

        internal DelegateEnumerator(T? handler)
        {
            _handler = handler;
            _list = Delegate.EnumerateInvocationList(handler);
        }

        public readonly T Current => _list.Current;

        readonly object IEnumerator.Current => Current;

        public bool MoveNext() => _list.MoveNext();

        public void Reset() => _list = Delegate.EnumerateInvocationList(_handler);

        readonly void IDisposable.Dispose()
        {
        }
    }
}
