using Microsoft.Extensions.Options;

namespace Shabou.ServiceDefaults;

/// <summary>A program that may not start says why in one sentence on standard error and ends with code 1: whoever configures it needs the
/// sentence, not the stack. What is not a refusal but a defect keeps its stack.</summary>
/// <remarks>The first line of every program: settings files are read when the builder is made, and one that is not JSON is refused there.</remarks>
public static class StartRefusal
{
    private const int ExitCode = 1;
    private static int _listening;
    private static volatile bool _over;

    /// <summary>From here on until <see cref="Over"/>, for the whole process. Any number of calls.</summary>
    public static void SayInOneSentence()
    {
        if (Interlocked.Exchange(ref _listening, 1) != 0) return;
        AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
        {
            if (_over || unhandled.ExceptionObject is not Exception error || Sentence(error) is not { } sentence) return;
            Console.Error.WriteLine($"{AppDomain.CurrentDomain.FriendlyName} does not start: {sentence}");
            Environment.Exit(ExitCode);
        };
    }

    /// <summary>It has started: what breaks it from now on is a defect.</summary>
    internal static void Over() => _over = true;

    /// <summary>What a refusal says, on one line; null for a defect.</summary>
    internal static string? Sentence(Exception error) => error switch
    {
        OptionsValidationException invalid => OneLine(string.Join(" ", invalid.Failures)),
        AggregateException several when several.InnerExceptions.All(one => Sentence(one) is not null) => string.Join(" ", several.InnerExceptions.Select(Sentence)),
        InvalidDataException unreadable => OneLine(string.Join(" ", Messages(unreadable))) + " Correct the file.",
        InvalidOperationException or IOException when error is not ObjectDisposedException => OneLine(error.Message),
        _ => null,
    };

    // The reader of settings files says the file, then that it is not JSON, then where.
    private static IEnumerable<string> Messages(Exception? error)
    {
        for (; error is not null; error = error.InnerException) yield return error.Message;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
