using System.Reflection;
using System.Xml.Linq;
using Aspire.Hosting;

namespace Shabou.AppHost.Tests;

public sealed class ProjectFileTests
{
    private static readonly string s_root = Path.GetDirectoryName(Projects.AppHost.ProjectPath)!;

    [Fact]
    public void No_project_references_a_stand_in_except_through_the_switch()
    {
        var ids = Directory.EnumerateDirectories(Path.Combine(s_root, "standins")).Select(Path.GetFileName).ToHashSet();
        Assert.Contains("Aspire.Hosting.AppHost", ids);

        var offenders = ProjectFiles().Where(file => !file.Contains($"{Path.DirectorySeparatorChar}standins{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => XDocument.Load(file).Descendants()
                .Where(e => e.Name.LocalName is "ProjectReference" or "Reference" or "Import")
                .Select(e => (string?)e.Attribute("Include") ?? (string?)e.Attribute("Project") ?? "")
                .Where(path => path.Contains("standins", StringComparison.OrdinalIgnoreCase) || ids.Contains(Path.GetFileNameWithoutExtension(path)))
                .Select(path => $"{Path.GetRelativePath(s_root, file)} -> {path}"));

        Assert.Empty(offenders);
    }

    [Fact]
    public void Every_stand_in_is_named_as_its_package()
    {
        Assert.All(Directory.EnumerateDirectories(Path.Combine(s_root, "standins")), folder =>
            Assert.True(File.Exists(Path.Combine(folder, $"{Path.GetFileName(folder)}.csproj")), $"{folder} has no project of its own name, so the switch does not see it."));
    }

    [Fact]
    public void Each_referenced_project_has_a_class_that_knows_its_path()
    {
        var classes = typeof(Projects.AppHost).Assembly.GetTypes().Where(t => t.Namespace == "Projects" && typeof(IProjectMetadata).IsAssignableFrom(t)).ToList();

        Assert.Equal(["BackupService", "CatalogApi", "ForecastService", "Gateway", "Migrator", "PlacesSimulator", "ProspectorService", "Standby"], classes.Select(t => t.Name).Order());
        Assert.All(classes, type =>
        {
            var project = (IProjectMetadata)Activator.CreateInstance(type)!;
            Assert.Equal(Path.Combine(s_root, type.Name, $"{type.Name}.csproj"), project.ProjectPath);
            Assert.True(File.Exists(project.ProjectPath));
            Assert.True(project.SuppressBuild);
        });
    }

    [Fact]
    public void The_program_knows_the_folder_of_its_project()
    {
        var metadata = typeof(Projects.AppHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>();
        Assert.Equal(Projects.AppHost.ProjectPath, metadata.Single(m => m.Key.Equals("apphostprojectpath", StringComparison.OrdinalIgnoreCase)).Value);
    }

    private static IEnumerable<string> ProjectFiles() => Directory.EnumerateFiles(s_root, "*.csproj", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
}
