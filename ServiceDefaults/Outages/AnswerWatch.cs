using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Shabou.ServiceDefaults.Outages;

/// <summary>Notices that an answer begins. From then on the request is not ended: half an answer would look like a whole one.</summary>
internal sealed class AnswerWatch(IHttpResponseBodyFeature body, Action begins) : IHttpResponseBodyFeature
{
    public IHttpResponseBodyFeature Watched => body;

    public Stream Stream
    {
        get
        {
            begins();
            return body.Stream;
        }
    }

    public PipeWriter Writer
    {
        get
        {
            begins();
            return body.Writer;
        }
    }

    public void DisableBuffering() => body.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        begins();
        return body.StartAsync(CancellationToken.None); // the caller's leaving ends it even so
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        begins();
        return body.SendFileAsync(path, offset, count, CancellationToken.None);
    }

    public Task CompleteAsync() => body.CompleteAsync();
}
