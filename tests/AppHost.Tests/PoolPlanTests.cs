namespace Shabou.AppHost.Tests;

public sealed class PoolPlanTests
{
    [Theory]
    [InlineData(1, 72)]   // 20 + 15 + 10, gateway 10, backup 3, standby 4, reserve 10
    [InlineData(2, 117)]
    [InlineData(4, 207)]
    public void A_plan_that_fits_has_no_objection(int replicas, int total)
    {
        var plan = PoolPlan.For(replicas);
        Assert.Equal(total, plan.Total);
        Assert.Null(plan.Objection());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void Every_number_of_replicas_the_command_line_takes_leaves_room_for_a_pool_of_one(int replicas)
    {
        var plan = PoolPlan.For(replicas);
        Assert.All([plan.Catalog, plan.Forecast, plan.Prospector, plan.Gateway], pool => Assert.InRange(pool, 1, 100));
    }

    [Fact]
    public void A_plan_that_does_not_fit_is_refused_with_its_numbers_and_the_remedy()
    {
        var objection = new PoolPlan(Replicas: 5, Catalog: 20, Forecast: 15, Prospector: 10, Gateway: 10).Objection();
        Assert.NotNull(objection);
        Assert.Contains("252", objection, StringComparison.Ordinal);
        Assert.Contains("max_connections = 220", objection, StringComparison.Ordinal);
        Assert.Contains("fewer replicas", objection, StringComparison.Ordinal);
    }
}
