using Shabou.Gateway.RateLimiting;

namespace Shabou.Gateway.Tests.RateLimiting;

/// <summary>Who shares a round trip with whom. The other end is the test itself, which answers when it wants to.</summary>
public sealed class SharedRoundTripsTests
{
    private static readonly Quota Quota = new(10, TimeSpan.FromHours(1));
    private readonly Queue<(IReadOnlyList<Asked> Asked, TaskCompletionSource<Count[]> Answer)> _questions = new();
    private readonly SharedRoundTrips _roundTrips;

    public SharedRoundTripsTests() => _roundTrips = new SharedRoundTrips(asked =>
    {
        var answer = new TaskCompletionSource<Count[]>();
        _questions.Enqueue((asked, answer));
        return answer.Task;
    });

    [Fact]
    public async Task A_request_alone_waits_for_nobody()
    {
        var count = CountAsync(0);
        AnswerNext(expected: [0]);
        Assert.Equal(0, (await count).Remaining);
    }

    [Fact]
    public async Task Those_that_come_while_an_answer_is_awaited_go_together_and_each_gets_its_own_count()
    {
        var counts = Enumerable.Range(0, 5).Select(CountAsync).ToList();
        Assert.Single(_questions);
        AnswerNext(expected: [0]);
        AnswerNext(expected: [1, 2, 3, 4]);
        Assert.Equal([0, 1, 2, 3, 4], (await Task.WhenAll(counts)).Select(count => count.Remaining));
        Assert.Empty(_questions);
    }

    [Fact]
    public async Task No_round_trip_counts_more_than_Redis_should_do_at_once()
    {
        var counts = Enumerable.Range(0, 1 + SharedRoundTrips.Most + 3).Select(CountAsync).ToList();
        AnswerNext(expected: [0]);
        AnswerNext(expected: [.. Enumerable.Range(1, SharedRoundTrips.Most)]);
        AnswerNext(expected: [.. Enumerable.Range(1 + SharedRoundTrips.Most, 3)]);
        Assert.Equal(Enumerable.Range(0, counts.Count), (await Task.WhenAll(counts)).Select(count => count.Remaining));
    }

    [Fact]
    public async Task When_a_round_trip_fails_those_that_waited_behind_it_do_not_wait_for_another()
    {
        var counts = Enumerable.Range(0, 3).Select(CountAsync).ToList();
        _questions.Dequeue().Answer.SetException(new TimeoutException());
        foreach (var count in counts)
            await Assert.ThrowsAsync<TimeoutException>(() => count);
        var next = CountAsync(7);
        AnswerNext(expected: [7]);
        Assert.Equal(7, (await next).Remaining);
    }

    private Task<Count> CountAsync(int client) => _roundTrips.CountAsync(new(client.ToString(System.Globalization.CultureInfo.InvariantCulture), Quota));

    private void AnswerNext(int[] expected)
    {
        var (asked, answer) = _questions.Dequeue();
        Assert.Equal(expected, asked.Select(one => int.Parse(one.Key, System.Globalization.CultureInfo.InvariantCulture)));
        answer.SetResult([.. expected.Select(client => new Count(true, client, default, default))]);
    }
}
