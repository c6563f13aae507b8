using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.People.SignIn;

/// <summary>Ends a sign-in with a sentence for the person, who sees it in the browser.</summary>
internal sealed class SignInRefusedException(ProblemType type, string sentence, Exception? inner = null) : Exception(sentence, inner)
{
    internal ProblemType Type { get; } = type;

    internal static SignInRefusedException Forbidden(string sentence) => new(ProblemTypes.Forbidden, sentence);

    internal static SignInRefusedException Upstream(string sentence, Exception? inner = null) => new(ProblemTypes.UpstreamFailed, sentence, inner);
}
