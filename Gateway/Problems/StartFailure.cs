using System.Reflection;
using Microsoft.Extensions.Options;

namespace Shabou.Gateway.Problems;

/// <summary>A gateway that cannot start with what it is told says so in one sentence on standard error and ends with code 1. Anything else
/// that nobody expected keeps its stack trace.</summary>
internal static class StartFailure
{
    internal static void SaySentences()
    {
        if (Assembly.GetEntryAssembly() == typeof(StartFailure).Assembly) // a test that hosts the gateway has its own way to end
            AppDomain.CurrentDomain.UnhandledException += static (_, failure) => Say(failure.ExceptionObject);
    }

    private static void Say(object failure)
    {
        var sentence = failure switch
        {
            OptionsValidationException options => string.Join(' ', options.Failures),
            RefusedSettingsException settings => settings.Message,
            InvalidDataException file => $"{file.Message} {file.InnerException?.GetBaseException().Message}", // a settings file that is not JSON
            _ => null,
        };
        if (sentence is null)
            return;
        Console.Error.WriteLine($"The gateway does not start: {sentence}");
        Environment.Exit(1);
    }
}

/// <summary>What the gateway is told cannot be right. The message is one sentence that names the setting and the remedy.</summary>
internal sealed class RefusedSettingsException(string message) : Exception(message);
