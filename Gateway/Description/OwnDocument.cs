using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Shabou.Gateway.Description;

/// <summary>The gateway's own endpoints, as ASP.NET Core describes them. They change only with the program, so it is made once.</summary>
internal sealed class OwnDocument([FromKeyedServices(OwnDocument.Name)] IOpenApiDocumentProvider provider)
{
    internal const string Name = "v1";

    private Task<string>? _made;

    internal async Task<JsonObject> GetAsync()
    {
        _made ??= MakeAsync();
        return JsonNode.Parse(await _made)!.AsObject(); // a fresh one: merging takes it apart
    }

    private async Task<string> MakeAsync()
    {
        var document = await provider.GetOpenApiDocumentAsync();
        return await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1);
    }
}
