using System.Globalization;
using System.Text.RegularExpressions;

namespace Shabou.AppHost.Tests;

/// <summary>The clusters of deploy/postgres give what the system asks of its database.</summary>
public sealed partial class DeploymentTests
{
    private static readonly string s_root = Path.GetDirectoryName(Projects.AppHost.ProjectPath)!;

    [Theory]
    [InlineData("patroni.yaml")]
    [InlineData("cloudnative-pg.yaml")]
    public async Task A_cluster_has_room_for_the_plan_and_lets_the_backups_stream_over_TLS_only(string file)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(s_root, "deploy", "postgres", file), TestContext.Current.CancellationToken);
        Assert.Equal(PoolPlan.MaxConnections, int.Parse(Connections().Match(text).Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.Matches(@"- hostssl replication \S*\bbackup\b\S* all scram-sha-256", text);
        Assert.Contains("- hostssl all all all scram-sha-256", text, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"- host(nossl)? .*(?<!reject)$", text);
        Assert.Contains("pg_stat_statements", text, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"max_connections: ""?(\d+)")] private static partial Regex Connections();
}
