using System.Text.Json.Nodes;

namespace Shabou.PlacesSimulator.Fields;

/// <summary>The X-Goog-FieldMask header: which fields of the answer come back. There is no default.</summary>
internal sealed class FieldMask
{
    public const string Header = "X-Goog-FieldMask";

    public const string Missing =
        "FieldMask is a required parameter. Set the header 'X-Goog-FieldMask', for example to 'places.displayName', or to '*' for all fields.";

    private readonly Node _root = new();

    private FieldMask()
    {
    }

    /// <summary>Reads a mask and checks each path.</summary>
    /// <param name="text">Paths with commas between and no spaces.</param>
    /// <param name="prefix">What stands before the fields of a place: "places." in a search, nothing for a single place.</param>
    /// <param name="unknown">The first path that names nothing; null when all are known.</param>
    public static FieldMask? Parse(string text, string prefix, out string? unknown)
    {
        var mask = new FieldMask();
        foreach (var path in text.Split(','))
        {
            if (!PlaceFields.Knows(path, prefix))
            {
                unknown = path;
                return null;
            }
            mask._root.Add(path.Split('.'));
        }
        unknown = null;
        return mask;
    }

    /// <summary>Takes from the answer what the mask does not name.</summary>
    public JsonObject Apply(JsonObject answer)
    {
        Prune(answer, _root);
        return answer;
    }

    private static void Prune(JsonNode? json, Node mask)
    {
        if (mask.TakesAll) return;
        if (json is JsonArray items)
        {
            foreach (var item in items) Prune(item, mask);
        }
        else if (json is JsonObject fields)
        {
            foreach (var name in fields.Select(field => field.Key).ToArray())
            {
                if (mask.Children.TryGetValue(name, out var child)) Prune(fields[name], child);
                else fields.Remove(name);
            }
        }
    }

    private sealed class Node
    {
        public Dictionary<string, Node> Children { get; } = [];

        public bool TakesAll { get; private set; }

        public void Add(ReadOnlySpan<string> path)
        {
            if (path is [] or ["*"])
            {
                TakesAll = true;
                return;
            }
            if (!Children.TryGetValue(path[0], out var child)) Children[path[0]] = child = new();
            child.Add(path[1..]);
        }
    }
}
