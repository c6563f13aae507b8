// Stands in for Aspire.Hosting 13.4.6 (Aspire.Hosting). Delete with the folder when the genuine package can be restored.
namespace Aspire.Hosting;

public sealed class DistributedApplicationOptions
{
    public string[]? Args { get; set; }

    public string? AssemblyName { get; set; }

    public string? ProjectDirectory { get; set; }

    /// <summary>No dashboard; here: no local page, and nothing is printed to the console.</summary>
    public bool DisableDashboard { get; set; }

    public bool AllowUnsecuredTransport { get; set; }

    /// <summary>Send the resources' output to ILogger, category <c>{application}.Resources.{resource}</c>.</summary>
    public bool EnableResourceLogging { get; set; }
}

public enum DistributedApplicationOperation
{
    Run = 0,
    Publish = 1,
}

public class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
{
    public DistributedApplicationOperation Operation { get; } = operation;

    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;
}

public class DistributedApplicationException : Exception
{
    public DistributedApplicationException() { }

    public DistributedApplicationException(string message) : base(message) { }

    public DistributedApplicationException(string message, Exception inner) : base(message, inner) { }
}

public class MissingParameterValueException : DistributedApplicationException
{
    public MissingParameterValueException(string message) : base(message) { }

    public MissingParameterValueException(string message, Exception innerException) : base(message, innerException) { }
}
