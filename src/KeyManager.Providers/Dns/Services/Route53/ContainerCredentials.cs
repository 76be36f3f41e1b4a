using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Files;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>The role of a container: of a task of ECS, or of a pod of EKS.</summary>
internal sealed class ContainerCredentials(HttpChannels channels, Clock clock, HostEnvironment environment)
{
    private const string Relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
    private const string Full = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    private const string Name = "The credential endpoint of the container";
    private const int Tries = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Whether the container says where its role is.</summary>
    public static bool IsOffered(HostEnvironment environment) => environment.Variable(Relative) is not null || environment.Variable(Full) is not null;

    /// <summary>Where the role is asked for. Its token must not go just anywhere: to https, or to this machine and the two endpoints of AWS.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting.</exception>
    public static Uri Url(HostEnvironment environment)
    {
        if (environment.Variable(Relative) is string path)
        {
            return Uri.TryCreate("http://169.254.170.2" + path, UriKind.Absolute, out Uri? url) && url.Host == "169.254.170.2" && url.IsDefaultPort && url.UserInfo.Length == 0
                ? url
                : throw Bad(Relative, path);
        }

        string full = environment.Variable(Full)
            ?? throw Route53Settings.Invalid(Route53Settings.CredentialSource, $"this is no container of ECS or EKS with a role: {Relative} and {Full} are not set", "Give the task or pod a role, or choose another credential source.");
        return Uri.TryCreate(full, UriKind.Absolute, out Uri? there)
            && (there.Scheme == "https" || (there.Scheme == "http" && (there.IsLoopback || there.Host is "169.254.170.2" or "169.254.170.23" or "[fd00:ec2::23]")))
            ? there
            : throw Bad(Full, full);
    }

    /// <exception cref="CredentialException">KmDnsCredentialRejected.</exception>
    /// <exception cref="TransportException">KmDnsUnreachable.</exception>
    public async Task<AwsCredentials> GetAsync(DnsContext context, CancellationToken cancellationToken)
    {
        Uri url = Url(environment);
        string? authorization = Authorization();
        HttpChannel channel = channels.GetDirect(Name);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                HttpQuestion question = new(HttpMethod.Get, url) { Headers = authorization is null ? [] : [("Authorization", authorization)] };
                HttpAnswer answer = await TimeLimit.RunAsync(clock, Patience, token => channel.SendAsync(question, token), cancellationToken).ConfigureAwait(false);
                if (answer.IsSuccess)
                {
                    return CredentialDocument.Read(context, Name, ServiceClient.TryRead(answer), "Token");
                }

                if (answer.Status < 500 || attempt == Tries)
                {
                    throw ServiceErrors.Rejected(context, $"{Name} answered with status {answer.Status}", "Look at the role of the task or pod, and at the token file of the container.");
                }
            }
            catch (Exception error) when (error is TimeoutException or TransportException)
            {
                if (attempt == Tries)
                {
                    throw new TransportException(ErrorIds.DnsUnreachable, $"{Name} cannot be reached at {url.GetLeftPart(UriPartial.Path)}: {error.Message.TrimEnd('.')}.", error)
                    {
                        Target = url,
                        IsTransient = true,
                        Remedy = "It is there within containers of ECS and EKS only; on EKS its agent has to run on the node.",
                    };
                }
            }
        }
    }

    // The file is written anew before its token ends.
    private string? Authorization()
    {
        string? authorization = environment.Variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
        if (environment.Variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") is string path)
        {
            try
            {
                authorization = File.ReadAllText(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new InvalidRequestException(ErrorIds.FileNotFound, $"The token file of the container '{path}' cannot be read: {error.Message.TrimEnd('.')}.", error) { Target = path };
            }
        }

        return authorization?.Any(c => c is '\r' or '\n') == true
            ? throw Route53Settings.Invalid("AWS_CONTAINER_AUTHORIZATION_TOKEN", "the token of the container holds a line break", "Have it written without one.")
            : authorization;
    }

    private static InvalidRequestException Bad(string variable, string value) =>
        Route53Settings.Invalid(variable, $"'{value}' is no address that a container's token may go to", "It is an address of https, of this machine, or of ECS or EKS: 169.254.170.2, 169.254.170.23, [fd00:ec2::23].");
}
