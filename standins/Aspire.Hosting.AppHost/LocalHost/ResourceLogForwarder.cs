using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.LocalHost;

/// <summary>Sends what the resources print to ILogger, category <c>{application}.Resources.{resource}</c>; error output as errors.</summary>
internal sealed partial class ResourceLogForwarder(
    ResourceNotificationService notifications, ResourceLoggerService logs, IHostEnvironment environment, ILoggerFactory loggers) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        HashSet<string> seen = [];
        List<Task> forwarding = [];
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                if (seen.Add(change.ResourceId))
                    forwarding.Add(ForwardAsync(change, stoppingToken));
            }

            await Task.WhenAll(forwarding);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task ForwardAsync(ResourceEvent resource, CancellationToken cancellationToken)
    {
        var logger = loggers.CreateLogger($"{environment.ApplicationName}.Resources.{resource.Resource.Name}");
        await foreach (var lines in logs.WatchAsync(resource.ResourceId).WithCancellation(cancellationToken))
        {
            foreach (var line in lines)
                LogOutput(logger, line.IsErrorMessage ? LogLevel.Error : LogLevel.Information, line.LineNumber, line.Content);
        }
    }

    [LoggerMessage("{LineNumber}: {LineContent}")]
    private static partial void LogOutput(ILogger logger, LogLevel level, int lineNumber, string lineContent);
}
