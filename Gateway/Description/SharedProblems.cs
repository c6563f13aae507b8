using System.Globalization;
using System.Text.Json.Nodes;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.Description;

/// <summary>Refusals are from a closed list, so each status is described once and every operation points there.</summary>
internal sealed class SharedProblems
{
    internal const string Schema = "Problem";
    private const string Media = "application/problem+json";

    // What the gateway itself says about a request for a service, whatever that service would say.
    private static readonly int[] s_ofTheGateway =
    [
        StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status429TooManyRequests,
        StatusCodes.Status502BadGateway, StatusCodes.Status503ServiceUnavailable, StatusCodes.Status504GatewayTimeout,
    ];

    private readonly SortedSet<int> _used = [];

    /// <param name="operation">Gets pointers for its refusals.</param>
    /// <param name="isProxied">Whether a service answers it.</param>
    internal void Share(JsonObject operation, bool isProxied)
    {
        if (operation["responses"] is not JsonObject responses) operation["responses"] = responses = [];
        var statuses = responses.Where(response => response.Value.At("content") is JsonObject { Count: 1 } content && content.ContainsKey(Media)).Select(response => response.Key)
            .Select(status => int.TryParse(status, CultureInfo.InvariantCulture, out var number) ? number : 0).Concat(isProxied ? s_ofTheGateway : []).Where(IsKnown).Distinct().ToList();
        foreach (var status in statuses)
        {
            _used.Add(status);
            responses[Text(status)] = new JsonObject { ["$ref"] = $"#/components/responses/{Name(status)}" };
        }
        operation["responses"] = new JsonObject(responses.OrderBy(response => response.Key, StringComparer.Ordinal).ToList()
            .Select(response => KeyValuePair.Create(response.Key, response.Value?.DeepClone())));
    }

    internal JsonObject Responses() => new(_used.Select(status => KeyValuePair.Create(Name(status), (JsonNode?)Response(status))));

    private static JsonObject Response(int status)
    {
        var types = ProblemTypes.All.Where(type => type.Status == status).ToList();
        return new()
        {
            ["description"] = string.Join(" Or: ", types.Select(type => type.Title)),
            ["content"] = new JsonObject
            {
                [Media] = new JsonObject
                {
                    ["schema"] = new JsonObject { ["$ref"] = $"#/components/schemas/{Schema}" },
                    ["examples"] = new JsonObject(types.Select(type => KeyValuePair.Create(type.Kind, (JsonNode?)new JsonObject { ["value"] = Example(type) }))),
                },
            },
        };
    }

    private static JsonObject Example(ProblemType type) => new()
    {
        ["type"] = type.Uri, ["title"] = type.Title, ["status"] = type.Status, ["category"] = type.Category,
        ["requestId"] = "01a1fcf3-fd41-7198-9d02-a1c39d3b26b0", ["traceId"] = "b6bf83a296e9fe3d2615cef2d5a61857",
    };

    private static bool IsKnown(int status) => ProblemTypes.All.Any(type => type.Status == status);

    private static string Name(int status) => $"Problem{Text(status)}";

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
