namespace Shabou.Forecasting;

/// <summary>Sums of errors that add up over origins and parts: one cell per method and range of steps. The last method is the published forecast.</summary>
internal sealed class ScoreSums(int methods)
{
    /// <summary>First step (from 1) of each range; range 0 is all steps.</summary>
    public static ReadOnlySpan<int> FirstSteps => [1, 1, 4, 7, 13, 25];

    private const int Fields = 12;
    private static readonly int s_width = Fields + QuantileForecast.Levels.Length;

    private readonly double[] _sums = new double[methods * FirstSteps.Length * s_width];

    public int Methods => methods;

    /// <summary>Adds one forecast of one origin.</summary>
    /// <param name="scale">Mean absolute seasonal difference of the part before the origin.</param>
    /// <param name="quantiles">Level by level.</param>
    /// <param name="ranges">Whether ranges of steps are wanted beside all steps.</param>
    public void Add(int method, double scale, ReadOnlySpan<double> actual, ReadOnlySpan<double> mean, ReadOnlySpan<double> quantiles, bool ranges)
    {
        AddRange(Cell(method, 0), scale, actual, mean, quantiles, 0, actual.Length);
        for (var range = 1; ranges && range < FirstSteps.Length && FirstSteps[range] <= actual.Length; range++)
        {
            var end = range + 1 < FirstSteps.Length ? Math.Min(actual.Length, FirstSteps[range + 1] - 1) : actual.Length;
            AddRange(Cell(method, range), scale, actual, mean, quantiles, FirstSteps[range] - 1, end);
        }
    }

    public void Add(ScoreSums other)
    {
        for (var i = 0; i < _sums.Length; i++) _sums[i] += other._sums[i];
        for (var i = 0; i < methods * FirstSteps.Length; i++) // the last step is no sum
            _sums[i * s_width + 11] = Math.Max(_sums[i * s_width + 11] - other._sums[i * s_width + 11], other._sums[i * s_width + 11]);
    }

    /// <summary>The sums of one method alone.</summary>
    public ScoreSums Only(int method)
    {
        var only = new ScoreSums(1);
        _sums.AsSpan(method * only._sums.Length, only._sums.Length).CopyTo(only._sums);
        return only;
    }

    /// <summary>Demands compared.</summary>
    public int Steps(int method, int range = 0) => (int)Cell(method, range)[0];

    /// <summary>Last step (from 1) that was compared.</summary>
    public int LastStep(int method, int range) => (int)Cell(method, range)[11];

    public double Wape(int method) => Cell(method, 0) is var c && c[4] > 0 ? c[1] / c[4] : double.NaN;

    public double Bias(int method) => Cell(method, 0) is var c && c[4] > 0 ? c[3] / c[4] : double.NaN;

    public double Mase(int method) => Cell(method, 0)[6] / Cell(method, 0)[7];

    public double MeanSquare(int method) => Cell(method, 0)[2] / Cell(method, 0)[0];

    public double Pinball(int method)
    {
        var cell = Cell(method, 0);
        var sum = 0.0;
        foreach (var loss in cell[Fields..]) sum += loss;
        return sum / (cell.Length - Fields) / cell[0];
    }

    public double Coverage80(int method, int range = 0) => Cell(method, range)[9] / Cell(method, range)[0];

    public double Coverage95(int method, int range = 0) => Cell(method, range)[10] / Cell(method, range)[0];

    public MethodAccuracy Accuracy(string name, int method, int range)
    {
        var cell = Cell(method, range);
        var pinball = cell[Fields..].ToArray();
        for (var i = 0; i < pinball.Length; i++) pinball[i] /= cell[0];
        var perUnit = cell[4] > 0 ? 1 / cell[4] : double.NaN;
        return new(name, (int)cell[8], cell[6] / cell[7], cell[1] / cell[0], Math.Sqrt(cell[2] / cell[0]), cell[3] * perUnit, cell[5] * perUnit, pinball);
    }

    private Span<double> Cell(int method, int range) => _sums.AsSpan((method * FirstSteps.Length + range) * s_width, s_width);

    // 0 steps, 1 absolute, 2 squared, 3 signed, 4 demand, 5 |signed| of the window, 6 scaled, 7 scaled ones, 8 windows, 9 inside 80 %, 10 inside 95 %,
    // 11 last step, then the pinball loss of each level.
    private static void AddRange(Span<double> cell, double scale, ReadOnlySpan<double> actual, ReadOnlySpan<double> mean, ReadOnlySpan<double> quantiles, int first, int end)
    {
        double absolute = 0, signed = 0;
        var steps = 0;
        var levels = QuantileForecast.Levels;
        var n = actual.Length;
        for (var s = first; s < end; s++)
        {
            var y = actual[s];
            if (double.IsNaN(y)) continue;
            steps++;
            var error = mean[s] - y;
            absolute += Math.Abs(error);
            signed += error;
            cell[2] += error * error;
            cell[4] += y;
            if (y >= quantiles[2 * n + s] && y <= quantiles[7 * n + s]) cell[9]++;
            if (y >= quantiles[s] && y <= quantiles[9 * n + s]) cell[10]++;
        }

        if (steps == 0) return;
        for (var i = 0; i < levels.Length; i++) cell[Fields + i] = Losses(cell[Fields + i], levels[i], actual[first..end], quantiles[(i * n + first)..]);
        cell[0] += steps;
        cell[1] += absolute;
        cell[3] += signed;
        cell[5] += Math.Abs(signed);
        cell[8]++;
        cell[11] = Math.Max(cell[11], end);
        if (!double.IsFinite(absolute / steps / scale)) return;
        cell[6] += absolute / steps / scale;
        cell[7]++;
    }

    // Without branches: which side a demand falls on is as good as random to the processor.
    private static double Losses(double sum, double level, ReadOnlySpan<double> actual, ReadOnlySpan<double> quantiles)
    {
        for (var s = 0; s < actual.Length; s++)
        {
            var shortage = actual[s] - quantiles[s];
            var loss = double.MaxNative(level * shortage, (level - 1) * shortage);
            sum += double.IsNaN(actual[s]) ? 0 : loss;
        }

        return sum;
    }
}
