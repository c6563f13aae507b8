using System.Globalization;
using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.LocalHost;

/// <summary>Turns a resource into the program to start: arguments and environment are evaluated anew at every start.</summary>
internal sealed class ProgramFactory(
    DistributedApplicationExecutionContext execution, DistributedApplicationOptions options, LocalFolders folders, Certificates certificates,
    BuiltProjects projects, SecretMask secrets, ToolRunner tools, IConfiguration configuration)
{
    public async Task<(LocalProgram Program, IReadOnlyList<EnvironmentVariableSnapshot> Variables)> CreateAsync(
        Replica replica, CancellationToken cancellationToken)
    {
        var resource = replica.Resource;
        var arguments = await ArgumentsAsync(resource, cancellationToken);
        if (resource.TryGetLastAnnotation<LocalProgramAnnotation>(out var local))
        {
            var context = new LocalProgramContext(resource, folders, arguments, configuration["LocalHost:ProgramFolders"], options.DisableDashboard, tools);
            return (await local.PrepareAsync(context, cancellationToken), []);
        }

        if (!resource.TryGetLastAnnotation<IProjectMetadata>(out var project))
            throw new DistributedApplicationException($"Resource '{resource.Name}' is a container, and this host runs no containers.");

        var variables = await VariablesAsync(replica, cancellationToken);
        var environment = ProjectEnvironment.Inherited();
        foreach (var (name, value) in variables)
            environment[name] = value;
        var program = new LocalProgram(DotNet, [projects.ProgramOf(project.ProjectPath), .. arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(project.ProjectPath)!,
            Environment = environment,
        };
        return (program, [.. variables.OrderBy(v => v.Key).Select(v => new EnvironmentVariableSnapshot(v.Key, v.Value, IsFromSpec: true))]);
    }

    private static string DotNet { get; } = Path.GetFullPath("../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory()) is var own && File.Exists(own)
        ? own : Executables.Require("dotnet", "dotnet-sdk-10.0", "dotnet");

    private static async Task<IReadOnlyList<string>> ArgumentsAsync(IResource resource, CancellationToken cancellationToken)
    {
        List<object> arguments = [];
        var context = new CommandLineArgsCallbackContext(arguments, resource, cancellationToken);
        foreach (var callback in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
            await callback.Callback(context);
        var texts = new List<string>(arguments.Count);
        foreach (var argument in arguments)
            texts.Add(await TextOfAsync(argument, cancellationToken));
        return texts;
    }

    private async Task<Dictionary<string, string>> VariablesAsync(Replica replica, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(execution, replica.Resource, cancellationToken: cancellationToken);
        foreach (var callback in replica.Resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
            await callback.Callback(context);

        var variables = new Dictionary<string, string>();
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            variables[name] = await TextOfAsync(value, cancellationToken);
            secrets.Learn(value);
        }

        variables.TryAdd("OTEL_RESOURCE_ATTRIBUTES", $"service.instance.id={replica.Id}");
        var endpoints = replica.Resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.UriScheme is "http" or "https").ToList();
        if (endpoints.Count > 0)
            variables.TryAdd("ASPNETCORE_URLS", string.Join(';', endpoints.Select(e => $"{e.UriScheme}://localhost:{replica.Ports[e.Name]}")));
        if (endpoints.FirstOrDefault(e => e.UriScheme == "https") is { } https)
        {
            variables.TryAdd("ASPNETCORE_HTTPS_PORT", https.AllocatedEndpoint!.Port.ToString(CultureInfo.InvariantCulture));
            variables.TryAdd("Kestrel__Certificates__Default__Path", certificates.LeafFile);
            variables.TryAdd("Kestrel__Certificates__Default__KeyPath", certificates.KeyFile);
        }

        // The machine's own authorities stay trusted.
        var trusted = Environment.GetEnvironmentVariable("SSL_CERT_DIR") is { Length: > 0 } set ? set : "/etc/ssl/certs";
        variables.TryAdd("SSL_CERT_DIR", $"{certificates.AuthorityFolder}:{trusted}");
        return variables;
    }

    private static async ValueTask<string> TextOfAsync(object value, CancellationToken cancellationToken) => value switch
    {
        string text => text,
        IValueProvider provider => await provider.GetValueAsync(cancellationToken) ?? "",
        IResourceBuilder<IResource> { Resource: IValueProvider provider } => await provider.GetValueAsync(cancellationToken) ?? "",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
