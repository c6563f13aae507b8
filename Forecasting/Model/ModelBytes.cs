using System.Text;

namespace Shabou.Forecasting;

/// <summary>A model as bytes: little endian, doubles bit by bit, lists in their fixed order; so equal models have equal bytes.</summary>
internal static class ModelBytes
{
    private const uint Magic = 0x4D464853; // "SHFM"
    private const int Format = 1;
    private const int LongestList = 10_000_000;

    public static byte[] Write(ForecastModel model)
    {
        using var memory = new MemoryStream();
        using (var to = new BinaryWriter(memory, Encoding.UTF8))
        {
            to.Write(Magic);
            to.Write(Format);
            to.Write(model.Settings.Horizon);
            to.Write(model.Settings.Origins);
            to.Write(model.Settings.Seed);
            to.Write(model.Limits.LimitA);
            to.Write(model.Limits.LimitB);
            Write(to, model.Segments, Write);
            Write(to, model.Groups.All, Write);
            Write(to, model.Backtest, Write);
            to.Write(model.Counts.Parts);
            Write(to, model.Counts.Classes, (w, n) => w.Write(n));
            Write(to, model.Counts.Fallbacks, (w, n) => w.Write(n));
            to.Write(model.Counts.MethodFailures);
        }

        return memory.ToArray();
    }

    public static ForecastModel Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            using var from = new BinaryReader(new MemoryStream(bytes.ToArray()), Encoding.UTF8);
            if (from.ReadUInt32() != Magic) throw new InvalidDataException("The bytes are not a forecast model.");
            if (from.ReadInt32() is var format && format != Format) throw new InvalidDataException($"The model has format {format}; this program reads {Format}.");
            var settings = new ForecastSettings { Horizon = from.ReadInt32(), Origins = from.ReadInt32(), Seed = from.ReadInt32() };
            var limits = new AbcXyz(from.ReadDouble(), from.ReadDouble());
            var model = new ForecastModel(settings, limits, List(from, ReadSegment), new(List(from, ReadGroup)), List(from, ReadRow),
                new(from.ReadInt32(), List(from, r => r.ReadInt32()), List(from, r => r.ReadInt32()), from.ReadInt32()));
            if (from.BaseStream.Position != bytes.Length) throw new InvalidDataException("Bytes follow the forecast model.");
            return model;
        }
        catch (Exception error) when (error is EndOfStreamException or ArgumentException or FormatException or DecoderFallbackException)
        {
            throw new InvalidDataException("The bytes are not a forecast model.", error);
        }
    }

    private static void Write<T>(BinaryWriter to, IReadOnlyCollection<T> list, Action<BinaryWriter, T> write)
    {
        to.Write(list.Count);
        foreach (var one in list) write(to, one);
    }

    private static T[] List<T>(BinaryReader from, Func<BinaryReader, T> read)
    {
        var count = from.ReadInt32();
        if (count is < 0 or > LongestList) throw new InvalidDataException("A list of the model has an impossible length.");
        var list = new List<T>(Math.Min(count, 4096)); // a damaged length must not reserve memory
        for (var i = 0; i < count; i++) list.Add(read(from));
        return [.. list];
    }

    private static void Doubles(BinaryWriter to, IReadOnlyCollection<double> values) => Write(to, values, (w, value) => w.Write(value));

    private static double[] Doubles(BinaryReader from) => List(from, r => r.ReadDouble());

    private static void Write(BinaryWriter to, Segment segment)
    {
        to.Write(segment.Season);
        to.Write(segment.Kind);
        to.Write(segment.Parts);
        Doubles(to, segment.Weights);
        to.Write((int)segment.Calibration.Route);
        to.Write(segment.Calibration.Steps);
        Doubles(to, segment.Calibration.Values);
        Doubles(to, segment.Calibration.Protection);
    }

    private static Segment ReadSegment(BinaryReader from)
    {
        var (season, kind, parts, weights) = (from.ReadInt32(), from.ReadInt32(), from.ReadInt32(), Doubles(from));
        var (route, steps, values, protection) = ((DemandRoute)from.ReadInt32(), from.ReadInt32(), Doubles(from), Doubles(from));
        if (!Enum.IsDefined(route) || weights.Length != Candidates.For(route).Prior.Length || steps < 1
            || values.Length != steps * QuantileForecast.Levels.Length || protection.Length != ProtectionDemand.Levels.Length)
            throw new InvalidDataException("A segment of the model does not fit this program's methods or levels.");
        return new(season, kind, parts, weights, new(route, steps, values, protection));
    }

    private static void Write(BinaryWriter to, GroupDemand level)
    {
        to.Write(level.Season);
        to.Write(level.Path);
        to.Write(level.Parts);
        to.Write(level.Rate);
        to.Write(level.Between);
        to.Write(level.Within);
    }

    private static GroupDemand ReadGroup(BinaryReader from) =>
        new(from.ReadInt32(), from.ReadString(), from.ReadInt32(), from.ReadDouble(), from.ReadDouble(), from.ReadDouble());

    private static void Write(BinaryWriter to, BacktestRow row)
    {
        to.Write(row.Season);
        to.Write((int)(row.Class ?? (DemandClass)(-1)));
        to.Write(row.FirstStep);
        to.Write(row.LastStep);
        to.Write(row.Published);
        to.Write(row.Accuracy.Method);
        to.Write(row.Accuracy.Series);
        Doubles(to, [row.Accuracy.Mase, row.Accuracy.Mae, row.Accuracy.Rmse, row.Accuracy.Bias, row.Accuracy.CumulativeWape, row.Coverage80, row.Coverage95]);
        Doubles(to, [.. row.Accuracy.Pinball]);
    }

    private static BacktestRow ReadRow(BinaryReader from)
    {
        var (season, kind, first, last, published) = (from.ReadInt32(), from.ReadInt32(), from.ReadInt32(), from.ReadInt32(), from.ReadBoolean());
        var (method, series, figures, pinball) = (from.ReadString(), from.ReadInt32(), Doubles(from), Doubles(from));
        if (figures.Length != 7) throw new InvalidDataException("A row of the model's accuracy table is damaged.");
        return new(season, kind < 0 ? null : (DemandClass)kind, first, last, published,
            new(method, series, figures[0], figures[1], figures[2], figures[3], figures[4], pinball), figures[5], figures[6]);
    }
}
