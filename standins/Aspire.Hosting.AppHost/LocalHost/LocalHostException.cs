namespace Aspire.Hosting.LocalHost;

/// <summary>What the host itself cannot do. The message is one sentence for the user: what, where, and the remedy. It ends the host.</summary>
internal sealed class LocalHostException(string message) : DistributedApplicationException(message)
{
    public static LocalHostException? Of(Exception? error) => error switch
    {
        LocalHostException found => found,
        AggregateException many => many.InnerExceptions.Select(Of).FirstOrDefault(e => e is not null),
        { InnerException: { } inner } => Of(inner),
        _ => null,
    };
}
