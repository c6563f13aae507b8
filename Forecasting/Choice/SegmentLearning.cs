namespace Shabou.Forecasting;

/// <summary>Turns the rolling forecasts of many parts into one segment.</summary>
internal static class SegmentLearning
{
    private const int Reweightings = 8;
    private const double SmallestError = 0.05;

    /// <summary>Learns the weights, then calibrates the combination they make.</summary>
    /// <param name="parts">Of one route, in a fixed order.</param>
    public static Segment Learn(int season, int kind, DemandRoute route, IReadOnlyList<PartEvidence> parts)
    {
        var weights = Weights(route, parts);
        var steps = 1;
        foreach (var part in parts) steps = Math.Max(steps, part.Rolling.Origins.Length > 0 ? part.Rolling.Steps : 1);
        var errors = new List<double>[steps];
        for (var s = 0; s < steps; s++) errors[s] = [];
        var sums = new List<double>();
        var uncalibrated = new Segment(season, kind, parts.Count, weights, Calibration.Uncorrected(route));
        foreach (var part in parts) Collect(uncalibrated, part, errors, sums);
        if (route == DemandRoute.Seldom) PoolSteps(errors);
        return uncalibrated with { Calibration = Calibration.Of(route, errors, sums) };
    }

    // The sum of absolute errors, in spreads, is made smallest for regular demand: by squares weighted by 1 / the last error (iteratively reweighted
    // least squares). For seldom demand, whose median is mostly zero, squares themselves.
    private static double[] Weights(DemandRoute route, IReadOnlyList<PartEvidence> parts)
    {
        var prior = Candidates.For(route).Prior;
        var references = Candidates.For(route).References;
        var allowed = prior.ToArray();
        allowed.AsSpan(0, references).Fill(double.NaN);
        var (errors, rows) = ScaledErrors(route, parts, prior.Length);
        var weights = prior.ToArray();
        var products = new double[prior.Length * prior.Length];
        for (var pass = 0; pass < (route == DemandRoute.Regular ? Reweightings : 1) && rows > 0; pass++)
        {
            Products(route, errors, rows, weights, products);
            CombinationWeights.Solve(products, allowed, weights);
        }

        return weights;
    }

    private static void Products(DemandRoute route, double[] errors, int rows, double[] weights, double[] products)
    {
        var n = weights.Length;
        Array.Clear(products);
        for (var row = 0; row < rows; row++)
        {
            var error = errors.AsSpan(row * n, n);
            var combined = 0.0;
            for (var m = 0; m < n; m++) combined += weights[m] * error[m];
            var weight = route == DemandRoute.Regular ? 1 / Math.Max(SmallestError, Math.Abs(combined)) : 1;
            for (var i = 0; i < n; i++)
            {
                var scaled = weight * error[i];
                for (var j = i; j < n; j++) products[i * n + j] += scaled * error[j];
            }
        }

        for (var i = 0; i < n; i++)
            for (var j = 0; j < i; j++) products[i * n + j] = products[j * n + i];
    }

    private static (double[] Errors, int Rows) ScaledErrors(DemandRoute route, IReadOnlyList<PartEvidence> parts, int n)
    {
        var size = 0;
        foreach (var part in parts) size += part.Rolling.Origins.Length * part.Rolling.Steps;
        var errors = new double[size * n];
        var rows = 0;
        foreach (var part in parts)
        {
            var rolling = part.Rolling;
            for (var origin = 0; origin < rolling.Origins.Length; origin++)
            {
                var spread = rolling.Spreads[origin];
                if (!(spread > 0)) continue;
                var scale = 1 / (route == DemandRoute.Regular ? spread : Math.Pow(spread, 0.25));
                var forecasts = rolling.At(origin);
                for (var s = 0; s < rolling.Steps; s++)
                {
                    var actual = part.History[rolling.Origins[origin] + s];
                    if (double.IsNaN(actual)) continue;
                    for (var m = 0; m < n; m++) errors[rows * n + m] = (forecasts[m * rolling.Steps + s] - actual) * scale;
                    rows++;
                }
            }
        }

        return (errors, rows);
    }

    private static void Collect(Segment segment, PartEvidence part, List<double>[] errors, List<double> sums)
    {
        var rolling = part.Rolling;
        Span<double> mean = rolling.Steps <= 512 ? stackalloc double[rolling.Steps] : new double[rolling.Steps];
        for (var origin = 0; origin < rolling.Origins.Length; origin++)
        {
            segment.Combine(rolling.At(origin), [], mean);
            var spread = rolling.Spreads[origin];
            if (!(spread > 0)) continue;
            var actual = part.History.AsSpan(rolling.Origins[origin], rolling.Steps);
            for (var s = 0; s < rolling.Steps; s++)
                if (!double.IsNaN(actual[s])) errors[s].Add(Error(segment, mean[s], spread, actual[s], Draws.Uniform(part.Draw, origin, s)));

            var periods = Math.Min(Math.Max(1, part.Part.ProtectionPeriods), rolling.Steps);
            double expected = 0, came = 0;
            for (var s = 0; s < periods; s++) (expected, came) = (expected + mean[s], came + actual[s]);
            var width = segment.Calibration.Route == DemandRoute.Regular ? spread * Math.Sqrt(periods) : spread * periods;
            if (!double.IsNaN(came)) sums.Add(Error(segment, expected, width, came, Draws.Uniform(part.Draw, origin, 4095)));
        }
    }

    private static double Error(Segment segment, double mean, double spread, double actual, double share) => segment.Calibration.Route == DemandRoute.Regular
        ? (actual - mean) / spread
        : CountTransform.Transform(mean, spread, actual, share);

    // Rates are flat, so their errors hardly depend on the step: ranges of steps share one list, and one column of the table.
    private static void PoolSteps(List<double>[] errors)
    {
        for (var first = 0; first < errors.Length;)
        {
            var end = Math.Min(errors.Length, first == 0 ? 3 : first * 2);
            for (var s = first + 1; s < end; s++)
            {
                errors[first].AddRange(errors[s]);
                errors[s] = errors[first];
            }

            first = end;
        }
    }
}
