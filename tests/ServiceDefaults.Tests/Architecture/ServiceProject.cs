using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Shabou.ServiceDefaults.Tests.Architecture;

/// <summary>A project that serves requests, as its files say.</summary>
internal sealed partial record ServiceProject(string Name, string ProjectXml, string Program)
{
    private static readonly string[] NotShipped = ["tests", "bench", "standins"];

    /// <summary>Every web project below the folder but those that are never shipped.</summary>
    public static IEnumerable<ServiceProject> AllBelow(DirectoryInfo root) =>
        from file in root.EnumerateFiles("*.csproj", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(root.FullName, file.FullName)
        where !NotShipped.Contains(path.Split(Path.DirectorySeparatorChar)[0])
        let xml = File.ReadAllText(file.FullName)
        where IsWeb(xml)
        let program = Path.Combine(file.DirectoryName!, "Program.cs")
        select new ServiceProject(path.Replace(Path.DirectorySeparatorChar, '/'), xml, File.Exists(program) ? File.ReadAllText(program) : "");

    /// <summary>What is missing, in words; empty when the project has all that every service has.</summary>
    public IEnumerable<string> Objections()
    {
        var code = Comment().Replace(Program, "");
        if (!XDocument.Parse(ProjectXml).Descendants("ProjectReference").Any(reference => ((string?)reference.Attribute("Include"))?.EndsWith("ServiceDefaults.csproj", StringComparison.Ordinal) == true))
        {
            yield return $"{Name} does not reference ServiceDefaults.";
        }

        foreach (var call in (string[])["StartRefusal.SayInOneSentence(", "builder.AddServiceDefaults(", "app.MapServiceDefaults("])
        {
            if (!code.Contains(call, StringComparison.Ordinal))
            {
                yield return $"Program.cs of {Name} does not call {call.TrimEnd('(')}.";
            }
        }
    }

    private static bool IsWeb(string xml)
    {
        var project = XDocument.Parse(xml).Root!;
        return (string?)project.Attribute("Sdk") == "Microsoft.NET.Sdk.Web"
            || project.Descendants("Sdk").Any(sdk => (string?)sdk.Attribute("Name") == "Microsoft.NET.Sdk.Web");
    }

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Comment();
}
