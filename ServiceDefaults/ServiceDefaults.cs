using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Health;
using Shabou.ServiceDefaults.Limits;
using Shabou.ServiceDefaults.Outages;
using Shabou.ServiceDefaults.Problems;
using Shabou.ServiceDefaults.Resilience;
using Shabou.ServiceDefaults.Secrets;
using Shabou.ServiceDefaults.Telemetry;

namespace Shabou.ServiceDefaults;

/// <summary>What every service has. A table of contents: each line is a folder.</summary>
public static class ServiceDefaults
{
    /// <summary>Everything but who may call: say that with <c>AddServiceAuth</c>, an authentication scheme of the service's own,
    /// or <c>AllowAnonymousCallers</c>.</summary>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder)
    {
        StartRefusal.SayInOneSentence();
        builder.AddMountedSecrets();
        builder.AddTelemetry();
        builder.AddLogOutput();
        builder.AddRequestIds();
        builder.AddProblems();
        builder.AddHealth();
        builder.AddHttpResilience();
        builder.AddRequestLimits();
        builder.AddPolicies();
        return builder;
    }

    /// <summary>For a program that serves no requests: telemetry and logs only.</summary>
    public static HostApplicationBuilder AddServiceDefaults(this HostApplicationBuilder builder)
    {
        StartRefusal.SayInOneSentence();
        builder.AddMountedSecrets();
        builder.AddTelemetry();
        builder.AddLogOutput();
        return builder;
    }

    /// <summary>Puts the middleware in its one right order and maps the health endpoints. Call it before mapping endpoints.</summary>
    /// <param name="app">The service.</param>
    /// <param name="beforeAuthentication">Adds middleware that must come after request ids and problems and before anybody asks who is calling.</param>
    /// <param name="beforeAuthorization">Adds middleware that knows who is calling and must come before anybody asks whether they may.</param>
    /// <exception cref="InvalidOperationException">The service has not said who may call it.</exception>
    public static WebApplication MapServiceDefaults(this WebApplication app, Action? beforeAuthentication = null, Action? beforeAuthorization = null)
    {
        app.Lifetime.ApplicationStarted.Register(StartRefusal.Over);
        app.UseRequestIds();
        app.UseProblems();
        app.UseOutages();
        beforeAuthentication?.Invoke();
        app.UsePolicies(beforeAuthorization);
        app.MapHealth();
        return app;
    }
}
