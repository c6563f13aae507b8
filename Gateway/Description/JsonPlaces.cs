using System.Text.Json.Nodes;

namespace Shabou.Gateway.Description;

/// <summary>What others wrote is read with care: nothing of it need be as it should.</summary>
internal static class JsonPlaces
{
    /// <summary>What stands there, or null when there is no such place.</summary>
    internal static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> names)
    {
        foreach (var name in names) node = (node as JsonObject)?[name];
        return node;
    }
}
