using Shabou.Gateway.Resilience;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Shabou.Gateway.Tests.Resilience;

public sealed class OutlierTests
{
    private readonly ManualTime _time = new();
    private readonly AtMostHalf _half = new();
    private static readonly ClusterConfig Watched = Shabou.Gateway.Routing.ClusterDefaults.Fill(new ClusterConfig { ClusterId = "catalog" });

    [Fact]
    public void Five_failures_in_a_row_are_enough()
    {
        var record = new FailureRecord(new EjectionOptions(), _time);
        Assert.DoesNotContain(true, Outcomes(record, "ffffsffff"));
        Assert.True(record.Add(hasFailed: true, out var times));
        Assert.Equal(1, times);
    }

    [Fact]
    public void Half_of_ten_requests_in_ten_seconds_are_enough()
    {
        var record = new FailureRecord(new EjectionOptions(), _time);
        Assert.DoesNotContain(true, Outcomes(record, "sfsfsfsfs"));
        Assert.True(record.Add(hasFailed: true, out _));
    }

    [Fact]
    public void Less_than_half_is_not_enough()
    {
        var record = new FailureRecord(new EjectionOptions(), _time);
        Assert.DoesNotContain(true, Outcomes(record, string.Concat(Enumerable.Repeat("ssf", 100))));
    }

    [Fact]
    public void What_is_older_than_ten_seconds_does_not_count()
    {
        var record = new FailureRecord(new EjectionOptions(), _time);
        Assert.DoesNotContain(true, Outcomes(record, "fsfsfsfs"));
        _time.Pass(TimeSpan.FromSeconds(11));
        Assert.DoesNotContain(true, Outcomes(record, "fsfsfsfsf"));
    }

    [Fact]
    public void One_that_fails_again_stays_away_longer_and_one_that_behaved_a_minute_starts_anew()
    {
        var record = new FailureRecord(new EjectionOptions(), _time);
        Assert.Equal([1, 2, 3], from _ in (int[])[1, 2, 3] select Eject(record));
        _time.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(1, Eject(record));
    }

    [Theory]
    [InlineData("f", "f")]
    [InlineData("hf", "h")]
    [InlineData("ff", "ff")]
    [InlineData("hff", "hf")]
    [InlineData("hhf", "hh")]
    [InlineData("fff", "fff")]
    [InlineData("hfff", "hf")]
    [InlineData("fp", "f")]
    [InlineData("hhhh", "hhhh")]
    public void At_most_half_are_set_aside_the_sickest_first_and_none_when_all_are_sick_alike(string all, string left)
    {
        var destinations = all.Select((health, i) => Destination($"{i}", health)).ToList();
        var available = _half.GetAvailalableDestinations(Watched, destinations);
        Assert.Equal(left, string.Concat(available.Select(destination => all[int.Parse(destination.DestinationId, System.Globalization.CultureInfo.InvariantCulture)])));
    }

    // h healthy, f failed requests, p failed the probe
    private static DestinationState Destination(string id, char health)
    {
        var destination = new DestinationState(id, new DestinationModel(new DestinationConfig { Address = "http://127.0.0.1" }));
        destination.Health.Passive = health == 'f' ? DestinationHealth.Unhealthy : DestinationHealth.Unknown;
        destination.Health.Active = health == 'p' ? DestinationHealth.Unhealthy : DestinationHealth.Healthy;
        return destination;
    }

    private static List<bool> Outcomes(FailureRecord record, string requests) => [.. requests.Select(request => record.Add(request == 'f', out _))];

    private static int Eject(FailureRecord record)
    {
        for (var i = 1; i < new EjectionOptions().Consecutive; i++)
            Assert.False(record.Add(hasFailed: true, out _));
        Assert.True(record.Add(hasFailed: true, out var times));
        return times;
    }
}
