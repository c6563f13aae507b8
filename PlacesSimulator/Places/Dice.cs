using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Shabou.PlacesSimulator.Places;

/// <summary>Random numbers fixed by a name: the same in every process and on every version of .NET, which Random does not promise.</summary>
/// <remarks>SplitMix64, seeded with the SHA-256 of the name.</remarks>
internal sealed class Dice
{
    private readonly byte[] _seed;
    private ulong _state;

    public Dice(string name)
    {
        _seed = SHA256.HashData(Encoding.UTF8.GetBytes(name));
        _state = BinaryPrimitives.ReadUInt64LittleEndian(_seed);
    }

    /// <summary>An id of Google's shape: ChIJ and 23 characters of the URL alphabet.</summary>
    public string PlaceId() => "ChIJ" + Convert.ToBase64String(_seed).Replace('+', '-').Replace('/', '_')[..23];

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A whole number from 0 to below <paramref name="bound"/>.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>True in <paramref name="percent"/> of 100 throws.</summary>
    public bool Chance(int percent) => Below(100) < percent;
}
