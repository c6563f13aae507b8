using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Shabou.Jobs.History;

/// <summary>One month as CSV with a header, gzip: PostgreSQL's <c>COPY ... FROM ... (FORMAT csv, HEADER)</c> reads it back, and so does any spreadsheet.</summary>
internal static class ArchiveFile
{
    private const int Chunk = 1 << 16;
    private const int CountingFailed = -1;

    /// <summary>Writes the text, compressed, as a whole or not at all.</summary>
    public static async Task WriteAsync(string path, TextReader csv, CancellationToken cancellationToken)
    {
        var part = path + ".part";
        await using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, Chunk))
        {
            await using (var gzip = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true))
            await using (var text = new StreamWriter(gzip, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Chunk))
            {
                var buffer = ArrayPool<char>.Shared.Rent(Chunk);
                while (await csv.ReadAsync(buffer.AsMemory(), cancellationToken) is > 0 and var read) await text.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                ArrayPool<char>.Shared.Return(buffer);
            }
            file.Flush(flushToDisk: true);
        }
        File.Move(part, path, overwrite: true);
    }

    /// <summary>What the file's bytes hash to, lower-case hex.</summary>
    public static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }

    /// <summary>Counts the records by reading the file to its end, header not counted; a line break within quotes ends none.</summary>
    /// <returns>-1 when it cannot be unpacked.</returns>
    public static async Task<long> CountAsync(string path, CancellationToken cancellationToken)
    {
        var (lines, isQuoted) = (0L, false);
        var buffer = ArrayPool<char>.Shared.Rent(Chunk);
        try
        {
            await using var file = File.OpenRead(path);
            await using var gzip = new GZipStream(file, CompressionMode.Decompress);
            using var text = new StreamReader(gzip, Encoding.UTF8);
            while (await text.ReadAsync(buffer.AsMemory(), cancellationToken) is > 0 and var read)
                foreach (var character in buffer.AsSpan(0, read))
                {
                    if (character == '"') isQuoted = !isQuoted;
                    else if (character == '\n' && !isQuoted) lines++;
                }
            return lines - 1;
        }
        catch (InvalidDataException)
        {
            return CountingFailed;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }
}
