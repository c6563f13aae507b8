using Shabou.PlacesSimulator.Places;

namespace Shabou.PlacesSimulator.Search;

/// <summary>A position in degrees.</summary>
internal sealed record LatLng(double Latitude, double Longitude);

internal sealed record Rectangle(LatLng Low, LatLng High);

/// <summary>A circle; the radius is in metres, 0 to 50,000.</summary>
internal sealed record Circle(LatLng Center, double Radius);

/// <summary>Where to search: Google's locationBias and locationRestriction, one of the two shapes.</summary>
internal sealed record Area(Rectangle? Rectangle = null, Circle? Circle = null)
{
    private const double MetresPerDegree = 111_195; // of latitude, on a sphere of 6,371 km

    /// <summary>Why Google would refuse the area; null when it would not.</summary>
    public string? Problem(string field, bool circleAllowed) => this switch
    {
        { Rectangle: null, Circle: null } or { Rectangle: not null, Circle: not null } => $"{field} must have exactly one of rectangle and circle.",
        { Circle: not null } when !circleAllowed => $"{field} takes a rectangle only.",
        { Circle: { Center: null } or { Radius: < 0 or > 50_000 } } => $"{field}.circle needs a center and a radius of 0 to 50000 metres.",
        { Rectangle: { Low: null } or { High: null } } => $"{field}.rectangle needs low and high.",
        { Rectangle: { } box } when box.Low.Latitude > box.High.Latitude => $"{field}.rectangle.low lies north of high.",
        _ => null,
    };

    public bool Contains(Place place) => Rectangle is { } box
        ? place.Latitude >= box.Low.Latitude && place.Latitude <= box.High.Latitude
            && place.Longitude >= box.Low.Longitude && place.Longitude <= box.High.Longitude
        : Circle is { } circle && Metres(circle.Center, place) <= circle.Radius;

    private static double Metres(LatLng from, Place to)
    {
        var north = (to.Latitude - from.Latitude) * MetresPerDegree;
        var east = (to.Longitude - from.Longitude) * MetresPerDegree * Math.Cos(from.Latitude * Math.PI / 180);
        return Math.Sqrt((north * north) + (east * east));
    }
}
