using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace OpenTelemetry.Instrumentation.AspNetCore;

/// <summary>Follows ASP.NET Core's diagnostic events: drops filtered requests at their start, names the span at their end.</summary>
internal sealed class ServerSpans : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    private readonly AspNetCoreTraceInstrumentationOptions _options;
    private readonly List<IDisposable> _subscriptions = [];

    public ServerSpans(AspNetCoreTraceInstrumentationOptions options)
    {
        _options = options;
        var all = DiagnosticListener.AllListeners.Subscribe(this);
        lock (_subscriptions)
        {
            _subscriptions.Add(all);
        }
    }

    // Every host of the process has a listener of this name.
    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.AspNetCore")
        {
            lock (_subscriptions)
            {
                _subscriptions.Add(value.Subscribe(this, static name => name.StartsWith(Request, StringComparison.Ordinal)));
            }
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is not HttpContext http)
        {
            return;
        }

        // The feature is not there yet when the request starts; another activity may be current when it ends.
        if (value.Key == $"{Request}.Start" && Activity.Current is { Source.Name: "Microsoft.AspNetCore" } started)
        {
            Start(http, started);
        }
        else if (value.Key == $"{Request}.Stop" && http.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } ended)
        {
            Stop(http, ended);
        }
    }

    private void Start(HttpContext http, Activity span)
    {
        if (_options.Filter?.Invoke(http) == false)
        {
            span.IsAllDataRequested = false;
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    private static void Stop(HttpContext http, Activity span)
    {
        span.SetTag("http.response.status_code", http.Response.StatusCode);
        if (http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
        {
            span.DisplayName = $"{http.Request.Method} /{route.TrimStart('/')}";
            span.SetTag("http.route", route);
        }

        if (http.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose()
    {
        lock (_subscriptions)
        {
            _subscriptions.ForEach(subscription => subscription.Dispose());
        }
    }
}
