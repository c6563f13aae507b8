using Shabou.PlacesSimulator.Places;

namespace Shabou.PlacesSimulator.Search;

/// <summary>A position in degrees.</summary>
internal sealed record LatLng(double Latitude, double Longitude)
{
    public bool IsOnEarth => Latitude is >= -90 and <= 90 && Longitude is >= -180 and <= 180;
}

/// <summary>From its south-western corner to its north-eastern one, borders included; over the 180th meridian when low lies east of high.</summary>
internal sealed record Rectangle(LatLng Low, LatLng High)
{
    /// <summary>In degrees.</summary>
    public double Width => Low.Longitude <= High.Longitude ? High.Longitude - Low.Longitude : 360 - Low.Longitude + High.Longitude;

    public bool HasBetween(double longitude) => Low.Longitude <= High.Longitude
        ? longitude >= Low.Longitude && longitude <= High.Longitude
        : longitude >= Low.Longitude || longitude <= High.Longitude;
}

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
        { Circle.Center.IsOnEarth: false } or { Rectangle.Low.IsOnEarth: false } or { Rectangle.High.IsOnEarth: false } =>
            $"{field} has a latitude outside -90 to 90 or a longitude outside -180 to 180.",
        { Rectangle: { Low.Longitude: 180, High.Longitude: -180 } } => $"{field}.rectangle is empty.",
        { Rectangle: { } box } when box.Low.Latitude > box.High.Latitude => $"{field}.rectangle.low lies north of high.",
        { Rectangle: { Width: > 180 } } => $"{field}.rectangle is wider than 180 degrees.",
        _ => null,
    };

    public bool Contains(Place place) => Rectangle is { } box
        ? place.Latitude >= box.Low.Latitude && place.Latitude <= box.High.Latitude
            && box.HasBetween(place.Longitude)
        : Circle is { } circle && Metres(circle.Center, place) <= circle.Radius;

    private static double Metres(LatLng from, Place to)
    {
        var north = (to.Latitude - from.Latitude) * MetresPerDegree;
        var east = (to.Longitude - from.Longitude) * MetresPerDegree * Math.Cos(from.Latitude * Math.PI / 180);
        return Math.Sqrt((north * north) + (east * east));
    }
}
