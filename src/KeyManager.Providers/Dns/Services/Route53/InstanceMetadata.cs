using System;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Files;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>The role of an EC2 instance, from its metadata, version 2; version 1 where the machine has no other.</summary>
internal sealed class InstanceMetadata(HttpChannels channels, Clock clock, HostEnvironment environment)
{
    private const string Roles = "latest/meta-data/iam/security-credentials/";
    private const string Name = "The metadata of the instance";
    private const int Tries = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <exception cref="CredentialException">KmDnsCredentialRejected: switched off, or no role.</exception>
    /// <exception cref="TransportException">KmDnsUnreachable.</exception>
    public async Task<AwsCredentials> GetAsync(DnsContext context, CancellationToken cancellationToken)
    {
        if (string.Equals(environment.Variable("AWS_EC2_METADATA_DISABLED"), "true", StringComparison.OrdinalIgnoreCase))
        {
            throw ServiceErrors.Rejected(context, "the environment variable AWS_EC2_METADATA_DISABLED forbids to ask for the role of the instance", "Remove it, or choose another credential source.");
        }

        HttpAnswer token = await AskAsync(HttpMethod.Put, "latest/api/token", ("X-aws-ec2-metadata-token-ttl-seconds", "21600"), cancellationToken).ConfigureAwait(false);
        if (!token.IsSuccess && token.Status is not (403 or 404 or 405))
        {
            throw Refused(context, token);
        }

        (string, string)? header = token.IsSuccess ? ("X-aws-ec2-metadata-token", Text(token)) : null;
        HttpAnswer roles = await AskAsync(HttpMethod.Get, Roles, header, cancellationToken).ConfigureAwait(false);
        string role = roles.IsSuccess ? Text(roles).Split('\n')[0].Trim() : "";
        if (roles.Status == 404 || (roles.IsSuccess && role.Length == 0))
        {
            throw ServiceErrors.Rejected(context, "no role is attached to the instance", "Attach an instance profile with a role that may change the zone: see Get-KmProvider.");
        }

        HttpAnswer answer = roles.IsSuccess ? await AskAsync(HttpMethod.Get, Roles + AwsRequest.Encode(role), header, cancellationToken).ConfigureAwait(false) : roles;
        return answer.IsSuccess ? CredentialDocument.Read(context, Name, ServiceClient.TryRead(answer), "Token") : throw Refused(context, answer);
    }

    private async Task<HttpAnswer> AskAsync(HttpMethod method, string path, (string, string)? header, CancellationToken cancellationToken)
    {
        string mode = environment.Variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE") ?? "";
        string endpoint = environment.Variable("AWS_EC2_METADATA_SERVICE_ENDPOINT")
            ?? (mode.Equals("IPv6", StringComparison.OrdinalIgnoreCase) ? "http://[fd00:ec2::254]" : "http://169.254.169.254");
        if (!Uri.TryCreate($"{endpoint.TrimEnd('/')}/{path}", UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
        {
            throw Route53Settings.Invalid("AWS_EC2_METADATA_SERVICE_ENDPOINT", $"'{endpoint}' is no address", "Remove the environment variable; it is for machines with another address of their metadata.");
        }

        HttpChannel channel = channels.GetDirect(Name);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                HttpAnswer answer = await TimeLimit.RunAsync(
                    clock, Patience, token => channel.SendAsync(new HttpQuestion(method, url) { Headers = header is { } h ? [h] : [] }, token), cancellationToken).ConfigureAwait(false);
                if (answer.Status < 500 || attempt == Tries)
                {
                    return answer;
                }
            }
            catch (Exception error) when (error is TimeoutException or TransportException)
            {
                if (attempt == Tries)
                {
                    throw new TransportException(ErrorIds.DnsUnreachable, $"{Name} cannot be reached at {url}: {error.Message.TrimEnd('.')}.", error)
                    {
                        Target = url,
                        IsTransient = true,
                        Remedy = "It is there on EC2 only. In a container on EC2 the instance must allow two hops: aws ec2 modify-instance-metadata-options --http-put-response-hop-limit 2.",
                    };
                }
            }
        }
    }

    private static CredentialException Refused(DnsContext context, HttpAnswer answer) =>
        ServiceErrors.Rejected(context, $"{Name} answered with status {answer.Status}", "Switch the metadata of the instance on: aws ec2 modify-instance-metadata-options --http-endpoint enabled.");

    private static string Text(HttpAnswer answer) => Encoding.UTF8.GetString(answer.Body).Trim();
}
