using System.Globalization;

namespace Shabou.Bench.Gateway;

/// <summary>User and system time of a process and all that it started, from /proc: nginx and others work in children.</summary>
internal static class ProcessorTime
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux

    public static TimeSpan Of(int root)
    {
        var all = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
            .Select(name => Read($"/proc/{name}/stat")).OfType<(int Id, int Parent, double Ticks)>().ToList();
        var family = new HashSet<int> { root };
        while (all.Any(process => family.Contains(process.Parent) && family.Add(process.Id)))
        {
            // until nobody is added
        }
        return TimeSpan.FromSeconds(all.Where(process => family.Contains(process.Id)).Sum(process => process.Ticks) / TicksPerSecond);
    }

    private static (int, int, double)? Read(string file)
    {
        try
        {
            var text = File.ReadAllText(file);
            var rest = text[(text.LastIndexOf(')') + 2)..].Split(' '); // the name before may have spaces
            return (int.Parse(text[..text.IndexOf(' ')]), int.Parse(rest[1]), double.Parse(rest[11]) + double.Parse(rest[12]));
        }
        catch (IOException)
        {
            return null; // ended meanwhile
        }
    }
}
