using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shabou.Testing;

namespace Shabou.Schema.Tests;

/// <summary>The list of calls that no service may make is in force, and each of its lines means something.</summary>
public sealed partial class BannedSymbolTests(TestServers servers)
{
    private const string List = "BannedSymbols.txt";

    private static readonly Assembly[] s_assemblies =
        [typeof(DbContext).Assembly, typeof(RelationalDatabaseFacadeExtensions).Assembly, typeof(Npgsql.NpgsqlConnection).Assembly, typeof(System.Data.Common.DbConnection).Assembly, typeof(Task).Assembly];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Every project that is shipped and reaches Schema or Npgsql, by however many other projects.</summary>
    public static TheoryData<string> Projects()
    {
        var files = Directory.EnumerateDirectories(Root()).Where(folder => Path.GetFileName(folder) is not ("tests" or "bench" or "standins")).SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj")).ToDictionary(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);
        var users = files.Where(file => file.Key == "Schema" || Package().IsMatch(file.Value)).Select(file => file.Key).ToHashSet();
        while (files.Where(file => Reference().Matches(file.Value).Any(reference => users.Contains(reference.Groups["project"].Value))).Select(file => file.Key).Except(users).ToList() is { Count: > 0 } more) users.UnionWith(more);
        return [.. users.Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void The_projects_that_use_the_database_are_found()
    {
        var found = Projects().Select(project => project.Data).ToList();
        Assert.Superset(new HashSet<string> { "BackupService", "Backups", "CatalogApi", "ForecastService", "Gateway", "Idempotency", "Jobs", "Migrator", "ProspectorService", "Schema", "Standby" }, found.ToHashSet());
        Assert.DoesNotContain("Forecasting", found);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task Every_project_that_uses_the_database_is_held_to_the_list(string project)
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", Path.Combine(Root(), project, $"{project}.csproj"), "-getItem:PackageReference", "-getItem:AdditionalFiles", "-getProperty:NoWarn", "-getProperty:WarningsNotAsErrors"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var evaluated = await process.StandardOutput.ReadToEndAsync(Cancelled);
        await process.WaitForExitAsync(Cancelled);
        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", evaluated, StringComparison.Ordinal);
        Assert.Contains(List, evaluated, StringComparison.Ordinal);
        Assert.DoesNotContain("RS0030", evaluated, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_is_set_aside_only_where_the_framework_asks_synchronously_or_a_thread_serves_nobody()
    {
        var places = Directory.EnumerateFiles(Root(), "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(Root(), file).Split(Path.DirectorySeparatorChar) is var path && path[0] is not ("tests" or "bench" or "standins") && !path.Contains("obj"))
            .Where(file => File.ReadAllText(file).Contains("disable RS0030", StringComparison.Ordinal)).Select(file => Path.GetRelativePath(Root(), file));
        Assert.Equal([Path.Combine("Gateway", "Identity", "Keys", "ProtectionKeyRepository.cs"), Path.Combine("Gateway", "Routing", "RouteSource.cs"), Path.Combine("Schema", "DatabaseQuestion.cs")], places.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_line_of_the_list_names_something_that_exists()
    {
        var lines = File.ReadAllLines(Path.Combine(Root(), List)).Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)).ToList();
        Assert.True(lines.Count > 50);
        Assert.All(lines, line =>
        {
            var symbol = Symbol().Match(line);
            Assert.True(symbol.Success, line);
            var type = s_assemblies.Select(assembly => assembly.GetType(symbol.Groups["type"].Value)).FirstOrDefault(found => found is not null);
            Assert.True(type is not null, $"There is no type of {line}");
            var parameters = symbol.Groups["parameters"].Value is { Length: > 0 } list ? list.Count(c => c == ',') + 1 : 0;
            Assert.True(
                type.GetMember(symbol.Groups["member"].Value, BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                    .Any(member => member is PropertyInfo || (member is MethodBase method && method.GetParameters().Length == parameters)),
                $"There is no member of {line}");
        });
    }

    [Fact]
    public async Task What_the_compiler_cannot_see_is_refused_when_it_runs()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:shabou", await servers.CreateDatabaseAsync())]);
        builder.AddShabouDatabase();
        using var host = builder.Build();
        await using var scope = host.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ShabouContext>();
        var refused = Assert.Throws<InvalidOperationException>(() => context.Brands.Select(b => b.Slug).ToList());
        Assert.Contains("Async", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await context.Brands.Select(b => b.Slug).ToListAsync(Cancelled));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Shabou.slnx"))) folder = folder.Parent ?? throw new InvalidOperationException("Shabou.slnx is not above the tests' folder.");
        return folder.FullName;
    }

    [GeneratedRegex("""<PackageReference Include="[^"]*Npgsql""")]
    private static partial Regex Package();

    [GeneratedRegex("""<ProjectReference Include="[^"]*?(?<project>\w+)\.csproj""")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^[MP]:(?<type>[\w.]+(`\d)?)\.(?<member>\w+)(``\d)?(\((?<parameters>.*)\))?;.+$", RegexOptions.CultureInvariant)]
    private static partial Regex Symbol();
}
