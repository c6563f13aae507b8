namespace Shabou.Idempotency;

/// <summary>Whether a request may look for its key in the database now.</summary>
internal enum Turn
{
    /// <summary>It is the only one under its key: what it takes it gives back.</summary>
    Taken,

    /// <summary>The first one has been answered, or nobody can say (Redis is away): the database decides.</summary>
    Free,

    /// <summary>The first one is still running.</summary>
    TooLong,
}
