using Shabou.Gateway.Resilience;

namespace Shabou.Gateway.Tests.Resilience;

public sealed class RetryBudgetTests
{
    [Theory]
    [InlineData(0.1, 1_000, 100)]
    [InlineData(0.1, 9, 0)]
    [InlineData(0.1, 10, 1)]
    [InlineData(0.25, 1_000, 250)]
    [InlineData(0, 1_000, 0)]
    public void When_every_request_wants_a_retry_exactly_the_budget_is_spent(double budget, int requests, int retries)
    {
        var tested = new RetryBudget(new RetryOptions { Budget = budget });
        var spent = 0;
        for (var i = 0; i < requests; i++)
        {
            tested.Earn();
            spent += tested.TrySpend() ? 1 : 0;
        }
        Assert.Equal(retries, spent);
    }

    [Fact]
    public void No_more_than_the_limit_is_saved_up()
    {
        var tested = new RetryBudget(new RetryOptions { Budget = 0.1, Saved = 5 });
        for (var i = 0; i < 10_000; i++)
            tested.Earn();
        var spent = 0;
        while (tested.TrySpend())
            spent++;
        Assert.Equal(5, spent);
    }

    [Fact]
    public void Many_who_spend_at_once_do_not_spend_more_than_there_is()
    {
        var tested = new RetryBudget(new RetryOptions { Budget = 0.1, Saved = 10_000 });
        Parallel.For(0, 20_000, _ => tested.Earn());
        var spent = 0;
        Parallel.For(0, 20_000, _ => Interlocked.Add(ref spent, tested.TrySpend() ? 1 : 0));
        Assert.Equal(2_000, spent);
    }
}
