namespace Shabou.LocalPostgres;

/// <summary>A program of PostgreSQL is missing, too old, or failed. The message is one sentence for whoever runs the machine: what is wrong, and what to do.</summary>
public sealed class LocalPostgresException(string message, Exception? inner = null) : Exception(message, inner);
