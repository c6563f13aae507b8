using Microsoft.Extensions.Options;

namespace Shabou.Gateway.Transport;

/// <summary>A gateway that could not say who it is does not start, and says which file to mend.</summary>
internal sealed class CertificateRules(IConfiguration configuration, IHostEnvironment environment) : IValidateOptions<CertificateFiles>
{
    public ValidateOptionsResult Validate(string? name, CertificateFiles options)
    {
        // Else Kestrel would accept them, and the one certificate would quietly take their place.
        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
            foreach (var key in (string[])["Certificate", "Sni"])
                if (endpoint.GetSection(key).Exists())
                    return ValidateOptionsResult.Fail($"{endpoint.Path}:{key} is not supported: all endpoints present {CertificateFiles.Section}; put all host names into that certificate.");
        try
        {
            ServerCertificate.Load(options, environment.ContentRootPath);
            return ValidateOptionsResult.Success;
        }
        catch (Exception error) when (ServerCertificate.IsUnusable(error))
        {
            return ValidateOptionsResult.Fail($"The certificate in {CertificateFiles.Section}:Path '{options.Path}' with :KeyPath '{options.KeyPath}' cannot be used: {ServerCertificate.Sentence(error)}");
        }
    }
}
