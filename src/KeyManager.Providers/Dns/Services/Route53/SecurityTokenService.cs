using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using System.Xml.Linq;
using KeyManager.Dns;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>The Security Token Service of AWS, version 2011-06-15: a role for other credentials or for a token.</summary>
internal sealed class SecurityTokenService(HttpChannels channels, Clock clock)
{
    private const string Name = "The Security Token Service of AWS";
    private const string Form = "application/x-www-form-urlencoded; charset=utf-8";
    private const int Tries = 3;

    /// <summary>AssumeRole.</summary>
    /// <exception cref="CredentialException">KmDnsCredentialRejected, KmDnsRightMissing, KmDnsClockWrong.</exception>
    public Task<AwsCredentials> AssumeRoleAsync(DnsContext context, string region, AwsCredentials by, AssumedRole role, CancellationToken cancellationToken)
    {
        AwsRequest request = Request(context, region, "AssumeRole", role, role.ExternalId is null ? [] : [("ExternalId", role.ExternalId)]);
        return AskAsync(context, role, "AssumeRole", () => RequestSigner.Sign(request, by, region, "sts", clock.UtcNow), cancellationToken);
    }

    /// <summary>AssumeRoleWithWebIdentity, which is not signed: the token shows who we are.</summary>
    /// <exception cref="CredentialException">KmDnsCredentialRejected, KmDnsRightMissing.</exception>
    /// <exception cref="InvalidRequestException">KmFileNotFound.</exception>
    public async Task<AwsCredentials> AssumeRoleAsync(DnsContext context, string region, string tokenPath, AssumedRole role, CancellationToken cancellationToken)
    {
        string token;
        try
        {
            token = File.ReadAllText(tokenPath).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException(ErrorIds.FileNotFound, $"The file of the web identity token '{tokenPath}' cannot be read: {error.Message.TrimEnd('.')}.", error)
            {
                Target = tokenPath,
                Remedy = "Look whether it is mounted, and whether this user may read it.",
            };
        }

        const string Action = "AssumeRoleWithWebIdentity";
        AwsRequest request = Request(context, region, Action, role, [("WebIdentityToken", token)]);
        HttpQuestion question = new(request.Method, request.Url) { Body = request.Body, ContentType = request.ContentType };
        try
        {
            return await AskAsync(context, role, Action, () => question, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Array.Clear(request.Body!, 0, request.Body!.Length); // not null: Request gives one
        }
    }

    private static AwsRequest Request(DnsContext context, string region, string action, AssumedRole role, IEnumerable<(string Name, string Value)> more)
    {
        IEnumerable<(string Name, string Value)> fields =
        [
            ("Action", action),
            ("Version", "2011-06-15"),
            ("RoleArn", role.Arn),
            ("RoleSessionName", role.SessionName),
            ("DurationSeconds", role.Duration.ToString(CultureInfo.InvariantCulture)),
            .. more,
        ];
        Uri endpoint = HttpSettings.Url(Route53Settings.StsUrl, context.Setting(Route53Settings.StsUrl) ?? $"https://sts.{region}.{AwsPartition.Of(region).DnsSuffix}/");
        return new AwsRequest(HttpMethod.Post, endpoint, "/")
        {
            Body = Encoding.ASCII.GetBytes(string.Join("&", fields.Select(f => $"{f.Name}={AwsRequest.Encode(f.Value)}"))),
            ContentType = Form,
        };
    }

    private async Task<AwsCredentials> AskAsync(DnsContext context, AssumedRole role, string action, Func<HttpQuestion> question, CancellationToken cancellationToken)
    {
        ServiceClient client = new(context, channels.Get(Name, context), clock);
        for (int attempt = 1; ; attempt++)
        {
            HttpAnswer answer = await client.SendAsync(question, cancellationToken, a => a.Status == 400 && AwsError.Read(a).MeansLater).ConfigureAwait(false);
            if (answer.IsSuccess)
            {
                return AwsXml.Read(context, answer, action + "Response", root => Credentials(context, root.Need(action + "Result").Need("Credentials")));
            }

            // The identity provider of the role did not answer AWS.
            if (attempt == Tries || AwsError.Read(answer).Code != "IDPCommunicationError")
            {
                throw AwsErrors.Explain(
                    context, answer, clock.UtcNow, $"assume the role {role.Arn}", $"Give the identity the right sts:{action} on the role, and have the trust policy of the role name it.", null);
            }

            await clock.DelayAsync(TimeSpan.FromSeconds(attempt), cancellationToken).ConfigureAwait(false);
        }
    }

    private static AwsCredentials Credentials(DnsContext context, XElement credentials) => CredentialDocument.Read(context, Name, name => credentials.Text(name));
}
