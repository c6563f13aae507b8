using System.Text;
using Shabou.ForecastService.Demand;

namespace Shabou.ForecastService.Tests.Demand;

/// <summary>Reading alone, without a database.</summary>
public sealed class DemandCsvTests
{
    [Fact]
    public async Task A_wide_row_is_a_series_from_its_start_and_attributes_are_ignored()
    {
        var batch = await ReadAsync("id,start,frequency,n_train,h,v1,v2,v3\nA,2026-11-21,M,9,9,1,,2.5\nB,,W,x,y,0,1e2,\n");
        Assert.Equal(0, batch.Errors.Count);
        Assert.Equal([("A", "2026-11-01", 1), ("A", "2027-01-01", 2.5), ("B", "1970-01-05", 0), ("B", "1970-01-12", 100)], Values(batch));
    }

    [Fact]
    public async Task A_long_row_is_a_value_with_columns_in_any_order()
    {
        var batch = await ReadAsync("period,sku,in_stock,quantity\n2026-01,A,0,3\n2026-02-15, A ,,4\n2026-03,A,TRUE,\n");
        Assert.Equal(0, batch.Errors.Count);
        Assert.Equal([("A", "2026-01-01", 3), ("A", "2026-02-01", 4)], Values(batch));
        Assert.Equal([false, true], batch.Values.Select(v => v.InStock));
    }

    [Fact]
    public async Task Quotes_byte_order_mark_and_windows_line_ends_are_understood()
    {
        var batch = await ReadAsync("\uFEFFsku,period,quantity\r\n\"A, \"\"big\"\"\",2026-01-01,3\r\n");
        Assert.Equal([("A, \"big\"", "2026-01-01", 3)], Values(batch));
    }

    [Theory]
    [InlineData("A,2026-01-01,-1", "0 or more")]
    [InlineData("A,2026-01-01,NaN", "0 or more")]
    [InlineData("A,2026-01-01,Infinity", "0 or more")]
    [InlineData("A,2026-01-01,1e999", "0 or more")]
    [InlineData("A,2026-01-01,\"1,5\"", "0 or more")]
    [InlineData("A,01/02/2026,1", "2026-01-01")]
    [InlineData("A,1899-12-31,1", "1900")]
    [InlineData(",2026-01-01,1", "1 to 64")]
    [InlineData("A,2026-01-01", "2 fields")]
    public async Task A_bad_row_is_noted_with_its_line_and_what_would_be_right(string row, string remedy)
    {
        var batch = await ReadAsync($"sku,period,quantity\nGOOD,2026-01-01,1\n{row}\n");
        Assert.Equal(1, batch.Errors.Count);
        Assert.Equal(3, batch.Errors.First[0].Line);
        Assert.Contains(remedy, batch.Errors.First[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sku_has_64_characters_at_most()
    {
        Assert.Equal(0, (await ReadAsync($"sku,period,quantity\n{new string('x', 64)},2026-01-01,1\n")).Errors.Count);
        Assert.Equal(1, (await ReadAsync($"sku,period,quantity\n{new string('x', 65)},2026-01-01,1\n")).Errors.Count);
    }

    [Fact]
    public async Task A_period_may_come_once_per_sku()
    {
        var batch = await ReadAsync("sku,period,quantity\nA,2026-01-01,1\nB,2026-01-01,1\nA,2026-01-31,2\n"); // the same month
        Assert.Equal((1, 4), (batch.Errors.Count, batch.Errors.First[0].Line));
        batch = await ReadAsync("id,start,frequency,v1\nA,2026-01-01,M,1\nA,2026-01-01,M,1\n");
        Assert.Equal((1, 3), (batch.Errors.Count, batch.Errors.First[0].Line));
    }

    [Fact]
    public async Task A_sku_has_one_frequency_and_hours_are_none()
    {
        Assert.Equal(1, (await ReadAsync("id,start,frequency,v1\nA,2026-01-01,M,1\nA,2026-02-01,W,1\n")).Errors.Count);
        Assert.Equal(1, (await ReadAsync("id,start,frequency,v1\nA,2026-01-01,H,1\n")).Errors.Count);
    }

    [Fact]
    public async Task All_bad_rows_are_counted_and_the_first_hundred_are_kept()
    {
        var batch = await ReadAsync("sku,period,quantity\n" + string.Concat(Enumerable.Repeat("A,yesterday,1\n", 250)));
        Assert.Equal(250, batch.Errors.Count);
        Assert.Equal(100, batch.Errors.First.Count);
        Assert.Equal(101, batch.Errors.First[^1].Line);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("name,price\n1,2\n", "header")]
    [InlineData("id,start,frequency,name\nA,,M,x\n", "v1")]
    [InlineData("id,start,frequency,v1,v3\nA,,M,1,2\n", "v2")]
    [InlineData("sku,period,quantity,in_stok\nA,2026-01-01,1,1\n", "in_stok")]
    [InlineData("sku,quantity\nA,1\n", "period")]
    [InlineData("sku,period,quantity\nA,2026-01-01,1\n\"B,2026-01-01,1\n", "quote")]
    public async Task A_file_of_neither_format_cannot_be_read(string csv, string reason) =>
        Assert.Contains(reason, (await Assert.ThrowsAsync<DemandUnreadableException>(() => ReadAsync(csv))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Other_encodings_than_utf8_are_refused_and_not_guessed() =>
        await Assert.ThrowsAsync<DemandUnreadableException>(() => ReadAsync(Encoding.Latin1.GetBytes("sku,period,quantity\nÉtrier,2026-01-01,1\n"), new DemandBatch(10)));

    [Fact]
    public async Task Too_many_columns_or_values_stop_the_reading()
    {
        var wide = "id,start,frequency," + string.Join(',', Enumerable.Range(1, 5000).Select(i => $"v{i}")) + "\n";
        await Assert.ThrowsAsync<DemandTooLargeException>(() => ReadAsync(wide));
        await Assert.ThrowsAsync<DemandTooLargeException>(() =>
            ReadAsync(Encoding.UTF8.GetBytes("id,start,frequency,v1,v2,v3\nA,,M,1,2,3\n"), new DemandBatch(maxObservations: 2)));
    }

    private static Task<DemandBatch> ReadAsync(string csv) => ReadAsync(Encoding.UTF8.GetBytes(csv), new DemandBatch(1000));

    private static async Task<DemandBatch> ReadAsync(byte[] csv, DemandBatch batch)
    {
        await DemandCsv.ReadAsync(new MemoryStream(csv), "M", 5000, batch, TestContext.Current.CancellationToken);
        return batch;
    }

    private static IEnumerable<(string, string, double)> Values(DemandBatch batch) => batch.Values.Select(v =>
        (batch.Series[v.Series].Sku, Periods.StartOf(batch.Series[v.Series].Frequency, v.Period).ToString("yyyy-MM-dd", null), v.Quantity));
}
