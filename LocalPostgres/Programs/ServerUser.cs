using System.Globalization;

namespace Shabou.LocalPostgres.Programs;

/// <summary>PostgreSQL's server refuses to run as root, so root hands it to the user that its package brought along.</summary>
public sealed record ServerUser(string Name, int UserId, int GroupId)
{
    private static readonly Lazy<ServerUser?> s_needed = new(Find);

    /// <summary>Null when this process is not root: then the server runs as this process does.</summary>
    /// <exception cref="LocalPostgresException">There is no such user, or no program to become it.</exception>
    public static ServerUser? Needed => s_needed.Value;

    /// <summary>What stands before the command of a program that runs as this user.</summary>
    internal IEnumerable<string> Command => ["setpriv", $"--reuid={UserId}", $"--regid={GroupId}", "--clear-groups", "--"];

    /// <summary>Gives a file, or a folder with all in it, to the user.</summary>
    /// <exception cref="LocalPostgresException">The file system knows no owners.</exception>
    public void Own(string path)
    {
        Change(path);
        if (Directory.Exists(path))
            foreach (var entry in Directory.EnumerateFileSystemEntries(path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })) Change(entry);
    }

    private void Change(string path)
    {
        if (Native.ChangeOwner(path, UserId, GroupId) != 0)
            throw new LocalPostgresException($"{path} cannot be given to the user '{Name}' that runs PostgreSQL: use a folder on a file system with owners.");
    }

    private static ServerUser? Find()
    {
        if (OperatingSystem.IsWindows() || Native.EffectiveUserId() != 0) return null;
        if (!File.Exists("/usr/bin/setpriv") && !File.Exists("/bin/setpriv"))
            throw new LocalPostgresException("PostgreSQL does not run as root and 'setpriv' is missing to start it as another user: install util-linux, or start as an ordinary user.");
        var entry = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(fields => fields is ["postgres", _, _, _, ..])
            ?? throw new LocalPostgresException("PostgreSQL does not run as root and there is no user 'postgres' to run it as: create one (useradd --system postgres), or start as an ordinary user.");
        return new(entry[0], int.Parse(entry[2], CultureInfo.InvariantCulture), int.Parse(entry[3], CultureInfo.InvariantCulture));
    }
}
