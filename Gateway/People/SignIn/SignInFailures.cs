using Microsoft.AspNetCore.Authentication;
using Shabou.Gateway.Problems;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.People.SignIn;

/// <summary>What a browser is told that comes back from Google without a sign-in.</summary>
internal sealed partial class SignInFailures(IProblemDetailsService problems, ILogger<SignInFailures> logger)
{
    internal async Task AnswerAsync(RemoteFailureContext failed)
    {
        var (type, sentence) = Translate(failed);
        if (type.Category == ProblemTypes.UpstreamFailed.Category)
            LogUpstream(failed.Failure!);
        else
            LogRefused(sentence);
        await problems.RefuseAsync(failed.HttpContext, type, sentence);
        failed.HandleResponse();
    }

    private static (ProblemType Type, string Sentence) Translate(RemoteFailureContext failed) => failed.Failure switch
    {
        SignInRefusedException refused => (refused.Type, refused.Message),
        _ when failed.Properties is null || !failed.Request.Query.ContainsKey("error") => (ProblemTypes.BadRequest,
            "This sign-in was not begun in this browser, was changed on its way, or took longer than ten minutes. Begin again."),
        _ => (ProblemTypes.Forbidden, "The sign-in was cancelled at Google. Begin again when you like."),
    };

    [LoggerMessage(LogLevel.Information, "A sign-in was refused: {Reason}")] private partial void LogRefused(string reason);
    [LoggerMessage(LogLevel.Error, "A sign-in failed at Google")] private partial void LogUpstream(Exception error);
}
