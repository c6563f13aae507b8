using System.Xml.Linq;

namespace Shabou.ServiceDefaults.Tests.Architecture;

/// <summary>No service without telemetry, health, problems and a word about who may call.</summary>
public sealed class EveryServiceTests
{
    private const string Whole = """<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><ProjectReference Include="../ServiceDefaults/ServiceDefaults.csproj" /></ItemGroup></Project>""";
    private const string Program = "StartRefusal.SayInOneSentence();\nvar builder = WebApplication.CreateBuilder(args);\nbuilder.AddServiceDefaults();\nvar app = builder.Build();\napp.MapServiceDefaults();\napp.Run();";

    [Fact]
    public void Every_service_of_the_solution_has_the_service_defaults()
    {
        var services = ServiceProject.AllBelow(Root()).ToList();
        Assert.Superset(
            new HashSet<string> { "Gateway/Gateway.csproj", "CatalogApi/CatalogApi.csproj", "ForecastService/ForecastService.csproj", "ProspectorService/ProspectorService.csproj" },
            services.Select(service => service.Name).ToHashSet());
        Assert.Empty(services.SelectMany(service => service.Objections()));
    }

    [Fact]
    public void Every_service_is_in_the_solution_so_that_it_is_built_and_tested()
    {
        var solution = XDocument.Load(Path.Combine(Root().FullName, "Shabou.slnx")).Descendants("Project").Select(project => (string?)project.Attribute("Path")).ToHashSet();
        Assert.All(ServiceProject.AllBelow(Root()), service => Assert.Contains(service.Name, solution));
    }

    [Theory]
    [InlineData(Whole, Program, 0)]
    [InlineData("""<Project Sdk="Microsoft.NET.Sdk.Web" />""", Program, 1)]
    [InlineData(Whole, "var app = WebApplication.CreateBuilder(args).Build();\napp.Run();", 3)]
    [InlineData(Whole, "builder.AddServiceDefaults();\n// app.MapServiceDefaults();\napp.Run();", 2)]
    [InlineData(Whole, "", 3)]
    public void A_service_without_them_is_objected_to(string xml, string program, int objections) =>
        Assert.Equal(objections, new ServiceProject("New/New.csproj", xml, program).Objections().Count());

    private static DirectoryInfo Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Shabou.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Shabou.slnx is not above the tests' folder; run them from where they were built.");
        }

        return folder;
    }
}
