using System.Diagnostics;

namespace Aspire.Hosting.LocalHost;

/// <summary>PostgreSQL refuses to run as root, so root hands it to the user its package brought along.</summary>
internal sealed record UnprivilegedUser(string Name, int UserId, int GroupId)
{
    private static readonly Lazy<UnprivilegedUser?> s_needed = new(Find);

    /// <summary>Null when this process is not root.</summary>
    public static UnprivilegedUser? Needed => s_needed.Value;

    public IReadOnlyList<string> Command => ["setpriv", $"--reuid={UserId}", $"--regid={GroupId}", "--clear-groups", "--"];

    public bool CanEnter(string folder)
    {
        using var test = Process.Start("setpriv", [.. Command.Skip(1), "test", "-x", folder]);
        test.WaitForExit();
        return test.ExitCode == 0;
    }

    public void Own(string path)
    {
        if (Native.ChangeOwner(path, UserId, GroupId) != 0)
            throw new LocalHostException($"The folder {path} cannot be given to the user '{Name}' that runs PostgreSQL: set LocalHost__DataFolder to a folder on a file system with owners.");
    }

    private static UnprivilegedUser? Find()
    {
        if (OperatingSystem.IsWindows() || Native.EffectiveUserId() != 0)
            return null;
        if (Executables.Find("setpriv") is null)
            throw new LocalHostException("PostgreSQL does not run as root and 'setpriv' is missing to start it as another user: install util-linux, or start as an ordinary user.");

        var entry = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(fields => fields is ["postgres", _, _, _, ..])
            ?? throw new LocalHostException("PostgreSQL does not run as root and there is no user 'postgres' to run it as: create one (useradd --system postgres), or start as an ordinary user.");
        return new(entry[0], int.Parse(entry[2], provider: null), int.Parse(entry[3], provider: null));
    }
}
