namespace Shabou.Testing;

/// <summary>The tokens of a test run: one signer, whose key set is a file that every service of the run reads.</summary>
public static class TestTokens
{
    public static TokenSigner Signer { get; } = new();

    /// <summary>Audiences of a token unless a test says otherwise.</summary>
    public static readonly string[] Services = ["catalog", "forecast", "prospector"];

    /// <summary>Routes of a service that need no token: probes, and the description that the gateway collects.</summary>
    public static readonly string[] Anonymous = ["/alive", "/health", "/openapi/{documentName}.json"];

    private static readonly Lazy<string> s_keySet = new(() =>
    {
        var file = Path.Combine(Path.GetTempPath(), $"shabou-keys-{Environment.ProcessId}-{Guid.NewGuid():N}.json");
        File.WriteAllText(file, TokenSigner.KeySetOf(Signer));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(file);
        return file;
    });

    /// <summary>Path of the key set, for <c>Tokens:KeySet</c>.</summary>
    public static string KeySet => s_keySet.Value;

    /// <summary>The settings without which a service does not start.</summary>
    public static (string Key, string Value)[] Settings => [("Tokens:KeySet", KeySet), ("Cursors:Key", CursorKey)];

    public const string CursorKey = "a-key-that-only-tests-use-0123456789";

    /// <summary>Signs a client in as the gateway would.</summary>
    public static HttpClient SignIn(this HttpClient client, string role = "ADMIN", string subject = "test-client")
    {
        client.DefaultRequestHeaders.Authorization = new("Bearer", Signer.Token(role, subject: subject));
        return client;
    }
}
