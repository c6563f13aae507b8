using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

public static class KnownResourceCommands
{
    public static readonly string StartCommand = "start";
    public static readonly string StopCommand = "stop";
    public static readonly string RestartCommand = "restart";
}

public enum ResourceCommandState
{
    Enabled = 0,
    Disabled = 1,
    Hidden = 2,
}

public enum IconVariant
{
    Regular = 0,
    Filled = 1,
}

public class CommandOptions
{
    public string? Description { get; set; }

    /// <summary>Asked before the command runs; null runs it at once.</summary>
    public string? ConfirmationMessage { get; set; }

    public string? IconName { get; set; }

    public IconVariant? IconVariant { get; set; }

    public bool IsHighlighted { get; set; }

    /// <summary>Whether the command can be run now; null means always.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState>? UpdateState { get; set; }
}

public sealed class UpdateCommandStateContext
{
    public required CustomResourceSnapshot ResourceSnapshot { get; init; }

    public required IServiceProvider ServiceProvider { get; init; }
}

public sealed class ExecuteCommandContext
{
    public required IServiceProvider ServiceProvider { get; init; }

    public required string ResourceName { get; init; }

    public required ILogger Logger { get; init; }

    public required CancellationToken CancellationToken { get; init; }
}

public sealed class ExecuteCommandResult
{
    public required bool Success { get; init; }

    public bool Canceled { get; init; }

    public string? Message { get; init; }
}

public static class CommandResults
{
    public static ExecuteCommandResult Success() => new() { Success = true };

    public static ExecuteCommandResult Success(string message) => new() { Success = true, Message = message };

    public static ExecuteCommandResult Failure(string? errorMessage = null) => new() { Success = false, Message = errorMessage };

    public static ExecuteCommandResult Failure(Exception exception) => Failure(exception.Message);

    public static ExecuteCommandResult Canceled() => new() { Success = false, Canceled = true };
}

public sealed class ResourceCommandAnnotation : IResourceAnnotation
{
    internal ResourceCommandAnnotation(string name, string displayName, Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand, CommandOptions options)
    {
        Name = name;
        DisplayName = displayName;
        ExecuteCommand = executeCommand;
        UpdateState = options.UpdateState ?? (_ => ResourceCommandState.Enabled);
        DisplayDescription = options.Description;
        ConfirmationMessage = options.ConfirmationMessage;
        IsHighlighted = options.IsHighlighted;
    }

    public string Name { get; }

    public string DisplayName { get; }

    public Func<UpdateCommandStateContext, ResourceCommandState> UpdateState { get; }

    public Func<ExecuteCommandContext, Task<ExecuteCommandResult>> ExecuteCommand { get; }

    public string? DisplayDescription { get; }

    public string? ConfirmationMessage { get; }

    public bool IsHighlighted { get; }
}

/// <summary>Runs commands: start, stop, restart, and those added by WithCommand.</summary>
public partial class ResourceCommandService
{
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _loggers;
    private readonly IServiceProvider _services;

    internal ResourceCommandService(ResourceNotificationService notifications, ResourceLoggerService loggers, IServiceProvider services)
    {
        _notifications = notifications;
        _loggers = loggers;
        _services = services;
    }

    /// <summary>Runs a command on one replica by its id, or on all replicas by the resource's name.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        if (!_notifications.TryGetCurrentState(resourceId, out var known))
            return CommandResults.Failure($"There is no resource '{resourceId}'.");

        return known.ResourceId.Equals(resourceId, StringComparison.OrdinalIgnoreCase)
            ? await ExecuteOneAsync(known.Resource, resourceId, commandName, cancellationToken)
            : await ExecuteCommandAsync(known.Resource, commandName, cancellationToken);
    }

    public async Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        var results = await Task.WhenAll(_notifications.IdsOf(resource).Select(id => ExecuteOneAsync(resource, id, commandName, cancellationToken)));
        return results.FirstOrDefault(r => !r.Success) ?? results[0];
    }

    private async Task<ExecuteCommandResult> ExecuteOneAsync(IResource resource, string id, string commandName, CancellationToken cancellationToken)
    {
        if (resource.Annotations.OfType<ResourceCommandAnnotation>().FirstOrDefault(c => c.Name == commandName) is not { } command)
            return CommandResults.Failure($"Resource '{resource.Name}' has no command '{commandName}'.");

        var logger = _loggers.GetLogger(id);
        try
        {
            return await command.ExecuteCommand(new()
            {
                ServiceProvider = _services,
                ResourceName = id,
                Logger = logger,
                CancellationToken = cancellationToken,
            });
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogFailed(logger, error, commandName);
            return CommandResults.Failure(error);
        }
        catch (OperationCanceledException)
        {
            return CommandResults.Canceled();
        }
    }

    [LoggerMessage(LogLevel.Error, "Command '{Command}' failed.")]
    private static partial void LogFailed(ILogger logger, Exception error, string command);
}
