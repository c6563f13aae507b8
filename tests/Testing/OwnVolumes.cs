namespace Shabou.Testing;

/// <summary>Volumes apart from those of the AppHost's own runs, which a test would find and spoil.</summary>
public static class OwnVolumes
{
    /// <summary>For the AppHost's command line, a new one each time: containers' volumes are named after it, and <c>docker volume prune --all</c> removes what is left of them.
    /// Local programs have folders of their own in any case.</summary>
    public static string Argument() => $"AppHostSha={Guid.NewGuid():N}";
}
