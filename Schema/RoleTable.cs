namespace Shabou.Schema;

/// <summary>Reads <see cref="Roles.Table"/>: a heading of roles, then a line per table or function.</summary>
internal static class RoleTable
{
    private const string Nothing = "-";
    private static readonly char[] Blank = [' ', '\r'];

    /// <exception cref="FormatException">A line has not one cell per role, or a letter is no verb; the message names the line.</exception>
    public static IEnumerable<Grant> Read(string table)
    {
        var lines = table.Split('\n').Select(line => line.Split(Blank, StringSplitOptions.RemoveEmptyEntries)).Where(cells => cells.Length > 0).ToList();
        var roles = lines[0];
        foreach (var line in lines.Skip(1))
        {
            if (line.Length != roles.Length + 1 || line[0].Split('.') is not [{ } schema, { } name])
                throw new FormatException($"'{string.Join(' ', line)}' in Schema/Roles.cs must be <schema>.<table> and one cell for each of {string.Join(", ", roles)}.");
            for (var i = 0; i < roles.Length; i++)
                if (line[i + 1] != Nothing)
                    yield return new(roles[i], schema, name.TrimEnd('(', ')'), string.Join(", ", line[i + 1].Select(letter => Verb(letter, line[0]))), name.EndsWith(')'));
        }
    }

    private static string Verb(char letter, string line) => letter switch
    {
        's' => "SELECT", 'i' => "INSERT", 'u' => "UPDATE", 'd' => "DELETE", 't' => "TRUNCATE", 'x' => "EXECUTE",
        _ => throw new FormatException($"'{letter}' is no verb in the line {line} of Schema/Roles.cs: use s, i, u, d, t, x, or - for nothing."),
    };
}

/// <summary>One cell of the table of roles.</summary>
/// <param name="Role">Who.</param>
/// <param name="Schema">The PostgreSQL schema.</param>
/// <param name="Name">The table, the view, or the function of which all overloads are meant.</param>
/// <param name="Verbs">Comma-separated SQL verbs.</param>
/// <param name="IsFunction">Whether it is a function.</param>
public sealed record Grant(string Role, string Schema, string Name, string Verbs, bool IsFunction)
{
    /// <summary>Behind ON, before the name.</summary>
    public string Kind => IsFunction ? "ROUTINE" : "TABLE";

    /// <summary>The name as PostgreSQL reads it.</summary>
    public string Target => $"{Schema}.\"{Name}\"";
}
