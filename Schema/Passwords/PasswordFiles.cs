namespace Shabou.Schema.Passwords;

/// <summary>The files of a service's <c>Secrets:Folder</c> that hold its database password.</summary>
public static class PasswordFiles
{
    /// <summary>What PostgreSQL takes, unless it has just been given the next.</summary>
    public const string Current = "Database__Password";

    /// <summary>What PostgreSQL will take in a moment. There only while a password is being replaced.</summary>
    public const string Next = "Database__NextPassword";
}
