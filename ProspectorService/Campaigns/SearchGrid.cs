using System.Text.Json;
using Shabou.ProspectorService.Places;

namespace Shabou.ProspectorService.Campaigns;

/// <summary>Rectangles side by side that cover an area: each is searched by itself, so that more than the sixty places of one search are found.</summary>
/// <param name="CellKm">How wide and high a cell is at most, in kilometres.</param>
internal sealed record SearchGrid(double South, double West, double North, double East, double CellKm)
{
    public const int MostCells = 100;

    private const double KilometresPerDegree = 111.195; // of latitude, on a sphere of 6,371 km

    // Rounded first: a side of 10.0000000001 km has no cell of its own at its end.
    private int Rows => Math.Max(1, (int)Math.Ceiling(Math.Round((North - South) * KilometresPerDegree / CellKm, 6)));

    private int Columns => Math.Max(1, (int)Math.Ceiling(Math.Round((East - West) * KilometresPerDegree * Math.Cos((South + North) / 2 * Math.PI / 180) / CellKm, 6)));

    /// <summary>How many cells it has.</summary>
    public int Cells => Rows * Columns;

    /// <summary>A cell by its number: row by row from the south, each from the west.</summary>
    public GeoRectangle Cell(int number)
    {
        var (row, column) = (number / Columns, number % Columns);
        var (high, wide) = ((North - South) / Rows, (East - West) / Columns);
        return new(South + (row * high), West + (column * wide), South + ((row + 1) * high), West + ((column + 1) * wide));
    }

    /// <summary>The square around a point.</summary>
    public static SearchGrid Around(double latitude, double longitude, double radiusKm, double cellKm)
    {
        var north = radiusKm / KilometresPerDegree;
        var east = north / Math.Cos(latitude * Math.PI / 180);
        return new(latitude - north, longitude - east, latitude + north, longitude + east, cellKm);
    }

    public static SearchGrid? Parse(string? json) => json is null ? null : JsonSerializer.Deserialize<SearchGrid>(json, JsonSerializerOptions.Web);

    public string ToJson() => JsonSerializer.Serialize(new { South, West, North, East, CellKm }, JsonSerializerOptions.Web);
}

/// <summary>An area to cut into cells: either its four sides, or a centre and how far around it.</summary>
/// <param name="South">Degrees; like the others within Tunisia: 30 to 38 north, 7 to 12 east.</param>
/// <param name="CellKm">1 to 100 kilometres.</param>
/// <param name="Centre">Instead of the sides.</param>
/// <param name="RadiusKm">1 to 300 kilometres, with the centre.</param>
internal sealed record GridWrite(double? South, double? West, double? North, double? East, double? CellKm, GridCentre? Centre, double? RadiusKm)
{
    private const double MostSouth = 30;
    private const double MostNorth = 38;
    private const double MostWest = 7;
    private const double MostEast = 12;

    /// <summary>Why there is no such grid; null when there is.</summary>
    public string? Problem()
    {
        if (CellKm is not (>= 1 and <= 100)) return "needs cellKm, 1 to 100.";
        if (this is { Centre: { Latitude: >= MostSouth and <= MostNorth, Longitude: >= MostWest and <= MostEast }, RadiusKm: >= 1 and <= 300, South: null, West: null, North: null, East: null }) return TooMany();
        if (Centre is not null || RadiusKm is not null) return "with a centre has its latitude (30 to 38), longitude (7 to 12) and radiusKm (1 to 300), and no sides.";
        var inside = South >= MostSouth && North <= MostNorth && West >= MostWest && East <= MostEast && South < North && West < East;
        return inside ? TooMany() : "needs south < north within 30 to 38 and west < east within 7 to 12, or a centre and radiusKm.";
    }

    /// <summary>The grid; call it only when there is no problem.</summary>
    public SearchGrid ToGrid() => Centre is { } centre
        ? SearchGrid.Around(centre.Latitude!.Value, centre.Longitude!.Value, RadiusKm!.Value, CellKm!.Value)
        : new(South!.Value, West!.Value, North!.Value, East!.Value, CellKm!.Value);

    private string? TooMany() => ToGrid().Cells is > SearchGrid.MostCells and var cells ? $"has {cells} cells, and {SearchGrid.MostCells} are the most: take larger cells or a smaller area." : null;
}

/// <summary>A point in degrees.</summary>
internal sealed record GridCentre(double? Latitude, double? Longitude);
