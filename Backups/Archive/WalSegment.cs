using System.Buffers.Binary;
using System.Globalization;

namespace Shabou.Backups.Archive;

/// <summary>One file of archived WAL.</summary>
/// <param name="Path">Its name is the segment's, with <c>.partial</c> while it is being received.</param>
/// <param name="Timeline">Of the server that wrote it.</param>
/// <param name="Log">Upper half of the positions in it.</param>
/// <param name="Part">Which of the segments with that upper half.</param>
internal sealed record WalSegment(string Path, int Timeline, uint Log, uint Part)
{
    private const int NameLength = 24;
    private const string Partial = ".partial";

    /// <summary>Without <c>.partial</c>.</summary>
    public string Name => NameOf(Timeline, Log, Part);

    public bool IsPartial => Path.EndsWith(Partial, StringComparison.Ordinal);

    /// <summary>The first position in it.</summary>
    /// <param name="size">Of a segment, usually 16 MiB.</param>
    public ulong Start(long size) => ((ulong)Log << 32) + Part * (ulong)size;

    /// <summary>Whether all of it is before the segment of this position.</summary>
    public bool EndsBefore(ulong position, long size) => Start(size) / (ulong)size < position / (ulong)size;

    /// <summary>Null when the file is not one of WAL.</summary>
    public static WalSegment? Of(string path)
    {
        var name = System.IO.Path.GetFileName(path);
        if (name.EndsWith(Partial, StringComparison.Ordinal)) name = name[..^Partial.Length];
        return name.Length == NameLength && Hex(name[..8]) is { } timeline && Hex(name[8..16]) is { } log && Hex(name[16..]) is { } part ? new(path, (int)timeline, log, part) : null;
    }

    /// <summary>Name of the segment with this number.</summary>
    public static string NameOf(int timeline, ulong position, long size) => NameOf(timeline, (uint)(position >> 32), (uint)((position & uint.MaxValue) / (ulong)size));

    /// <summary>Null when its head is that of this segment of this server; else what is wrong.</summary>
    public string? Objection(string systemIdentifier, long size)
    {
        Span<byte> head = stackalloc byte[36];
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (file.Length != size) return string.Create(CultureInfo.InvariantCulture, $"has {file.Length:N0} bytes instead of {size:N0}");
        file.ReadExactly(head);
        if (BinaryPrimitives.ReadUInt64LittleEndian(head[24..]).ToString(CultureInfo.InvariantCulture) != systemIdentifier) return "is of another server";
        return BinaryPrimitives.ReadUInt64LittleEndian(head[8..]) == Start(size) ? null : "does not begin where its name says";
    }

    /// <summary>Nothing was received into it yet.</summary>
    public bool IsBlank()
    {
        Span<byte> head = stackalloc byte[2];
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || (head[0] == 0 && head[1] == 0);
    }

    /// <summary>A position as PostgreSQL writes it, such as 0/3000028.</summary>
    public static ulong Position(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return ((ulong)(Hex(text[..slash]) ?? 0) << 32) + (Hex(text[(slash + 1)..]) ?? 0);
    }

    private static string NameOf(int timeline, uint log, uint part) => string.Create(CultureInfo.InvariantCulture, $"{timeline:X8}{log:X8}{part:X8}");

    private static uint? Hex(string text) => uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : null;
}
