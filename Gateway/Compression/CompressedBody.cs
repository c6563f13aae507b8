using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.ResponseCompression;

namespace Shabou.Gateway.Compression;

/// <summary>Decides with the first bytes of an answer whether compressing it pays and is right, and sends it on so.</summary>
internal sealed class CompressedBody(HttpContext http, IHttpResponseBodyFeature plain, IResponseCompressionProvider compression) : Stream, IHttpResponseBodyFeature
{
    /// <summary>In bytes. A smaller answer fits into one packet anyhow.</summary>
    private const int WorthIt = 1_024;

    private Stream? _target;
    private Stream? _compressing;
    private PipeWriter? _writer;
    private bool _flushEach;

    public Stream Stream => this;

    public PipeWriter Writer => _writer ??= PipeWriter.Create(this, new StreamPipeWriterOptions(leaveOpen: true));

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public void DisableBuffering()
    {
        _flushEach = true; // whoever streams does not want the compressor to hold back
        plain.DisableBuffering();
    }

    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        Decide(0);
        return plain.StartAsync(cancellationToken);
    }

    public async Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        Decide(count ?? new FileInfo(path).Length - offset);
        await (_compressing is null ? plain.SendFileAsync(path, offset, count, cancellationToken)
            : SendFileFallback.SendFileAsync(this, path, offset, count, cancellationToken));
    }

    public async Task CompleteAsync()
    {
        await FinishAsync();
        await plain.CompleteAsync();
    }

    /// <summary>Ends the compressed form. Not called for an answer that broke off: it must not look whole.</summary>
    internal async Task FinishAsync()
    {
        if (_writer is not null)
            await _writer.CompleteAsync();
        if (_compressing is not { } compressing)
            return;
        _compressing = null;
        await compressing.DisposeAsync();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var target = Decide(buffer.Length);
        await target.WriteAsync(buffer, cancellationToken);
        if (_flushEach && _compressing is not null)
            await target.FlushAsync(cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => Decide(count).Write(buffer, offset, count);

    public override Task FlushAsync(CancellationToken cancellationToken) => Decide(0).FlushAsync(cancellationToken);

    public override void Flush() => Decide(0).Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <param name="first">Bytes that are there now; of an answer that does not say its length, services write a small one at once.</param>
    private Stream Decide(long first)
    {
        if (_target is not null)
            return _target;
        var response = http.Response;
        if ((response.ContentLength ?? first) < WorthIt || response.StatusCode == StatusCodes.Status206PartialContent
            || response.Headers.CacheControl.ToString().Contains("no-transform", StringComparison.OrdinalIgnoreCase)
            || !compression.ShouldCompressResponse(http) || compression.GetCompressionProvider(http) is not { } encoder)
            return _target = plain.Stream;
        response.Headers.ContentEncoding = encoder.EncodingName;
        response.Headers.AppendCommaSeparatedValues("Vary", "Accept-Encoding");
        response.Headers.ContentLength = null;
        response.Headers.Remove("Content-MD5");
        response.Headers.Remove("Content-Digest");
        response.Headers.Remove("Accept-Ranges"); // byte ranges of another form
        if (response.Headers.ETag is [{ } tag])
            response.Headers.ETag = EncodedTags.Of(tag, encoder.EncodingName);
        return _target = _compressing = encoder.CreateStream(plain.Stream);
    }
}
