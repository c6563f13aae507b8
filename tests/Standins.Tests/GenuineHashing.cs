using System.Runtime.Loader;

namespace Shabou.Standins.Tests;

/// <summary>The genuine System.IO.Hashing that ships inside the SDK, loaded apart from whatever the switch has chosen.</summary>
internal sealed class GenuineHashing : IDisposable
{
    private readonly AssemblyLoadContext _context = new("genuine System.IO.Hashing", isCollectible: true);

    private GenuineHashing(string path)
    {
        var assembly = _context.LoadFromAssemblyPath(path);
        XxHash64 = assembly.GetType("System.IO.Hashing.XxHash64", throwOnError: true)!
            .GetMethod("Hash", [typeof(byte[])])!.CreateDelegate<Func<byte[], byte[]>>();
        XxHash3 = assembly.GetType("System.IO.Hashing.XxHash3", throwOnError: true)!
            .GetMethod("HashToUInt64", [typeof(ReadOnlySpan<byte>), typeof(long)])!.CreateDelegate<Seeded>();
    }

    internal delegate ulong Seeded(ReadOnlySpan<byte> source, long seed);

    internal Func<byte[], byte[]> XxHash64 { get; }

    internal Seeded XxHash3 { get; }

    public void Dispose() => _context.Unload();

    /// <summary>Skips the test where no SDK is installed beside the runtime, as on a machine that only runs published programs.</summary>
    internal static GenuineHashing Load()
    {
        var root = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var sdks = Path.Combine(root, "sdk");
        var path = Directory.Exists(sdks)
            ? Directory.EnumerateDirectories(sdks)
                .Select(sdk => Path.Combine(sdk, "Sdks", "Microsoft.NET.Sdk", "tools", "net10.0", "System.IO.Hashing.dll"))
                .FirstOrDefault(File.Exists)
            : null;
        Assert.SkipWhen(path is null, $"No SDK under {sdks} carries System.IO.Hashing.dll.");
        return new GenuineHashing(path);
    }
}
