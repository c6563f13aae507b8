using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.LocalHost;

/// <summary>What to start for one replica, and how to stop it.</summary>
internal sealed record LocalProgram(string FileName, IReadOnlyList<string> Arguments)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public required string WorkingDirectory { get; init; }

    /// <summary>Written to the program's input, which is then closed; for configuration that the process list must not show.</summary>
    public string? Input { get; init; }

    public UnprivilegedUser? User { get; init; }

    public int StopSignal { get; init; } = Native.Terminate;

    /// <summary>The program itself, with links followed, as the system will name the running process.</summary>
    public string RealPath => File.ResolveLinkTarget(FileName, returnFinalTarget: true)?.FullName ?? FileName;
}

/// <summary>What a stand-in for a container needs to know to prepare its program.</summary>
internal sealed record LocalProgramContext(
    IResource Resource, LocalFolders Folders, IReadOnlyList<string> Arguments, string? ProgramFolders, bool IsDisposable, ToolRunner Tools)
{
    /// <summary>The folder for the resource's data, kept between starts when it has a volume.</summary>
    public string DataFolder => Folders.DataOf(Resource.Name, Resource.HasAnnotationOfType<ContainerMountAnnotation>());
}

/// <summary>Says how a resource that Aspire runs as a container runs here. Called at every start of the resource.</summary>
internal sealed record LocalProgramAnnotation(Func<LocalProgramContext, CancellationToken, Task<LocalProgram>> PrepareAsync) : IResourceAnnotation;
