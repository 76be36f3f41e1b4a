using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Networking;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.AcmeDns;

/// <summary>
/// A server of acme-dns, which holds nothing but proofs. An account is one of its registrations and holds one name, to which the CNAME of the name to be proved leads. That name shows the
/// two values that were written last; nothing is ever taken away.
/// </summary>
/// <remarks>The interface is that of github.com/joohoi/acme-dns: POST /register and POST /update.</remarks>
internal sealed class AcmeDnsProvider(HttpChannels channels, Clock clock) : IDnsProvider, IDnsRegistration
{
    private const string Service = "acme-dns";

    /// <summary>The only form of a value that the server takes: what dns-01 asks for, a SHA-256 hash as base64url.</summary>
    private static readonly Regex Value = new("^[A-Za-z0-9_-]{43}\\z", RegexOptions.CultureInvariant);

    private readonly ConcurrentDictionary<(string Server, string FullDomain), PublishedPair> _pairs = new();

    public DnsProviderDescription Description { get; } = new()
    {
        Name = "AcmeDns",
        Title = "acme-dns (a server of one's own for proofs)",
        Settings = AcmeDnsSettings.All,
        Credentials = [new CredentialWay("registration", AcmeDnsSettings.Registration)],
        Required = [DnsSettings.BaseUrl],
        LeastRights = "A registration can change the proof of its own name and nothing else. AllowFrom limits from where.",
        Notes = "One account proves one name and its wildcard: a registration shows two values at a time. Set a CNAME at _acme-challenge of the name to the full domain. "
            + "Whoever runs the server can get certificates for the name, so run your own.",
        PropagationSeconds = 30,
    };

    public void Check(DnsContext context)
    {
        HttpSettings.Check(context);
        if (context.Setting(AcmeDnsSettings.FullDomain) is not string full || context.Setting(AcmeDnsSettings.Subdomain) is not string subdomain)
        {
            return;
        }

        if (!ZoneMatch.Canonical(full).StartsWith(subdomain.ToLowerInvariant() + ".", StringComparison.Ordinal))
        {
            throw new InvalidRequestException(ErrorIds.InvalidSetting, $"The subdomain '{subdomain}' is not the first label of the full domain '{full}'.")
            {
                Target = full,
                Remedy = "Take username, password, subdomain and full domain from the same registration.",
            };
        }
    }

    public Task<IReadOnlyDictionary<string, HostedZone>> FindZonesAsync(DnsContext context, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string full = FullDomain(context);
        IReadOnlyDictionary<string, HostedZone> found = names.Where(name => name == full).Distinct().ToDictionary(name => name, name => new HostedZone(full, full));
        return Task.FromResult(found);
    }

    public async Task ApplyAsync(DnsContext context, HostedZone zone, IReadOnlyList<RecordChange> changes, CancellationToken cancellationToken)
    {
        foreach (RecordChange change in changes.Where(c => !c.IsRemoval))
        {
            RefuseOthers(context, change);
        }

        string[] added = [.. changes.Where(c => !c.IsRemoval).Select(c => c.Value).Distinct()];
        string[] removed = [.. changes.Where(c => c.IsRemoval).Select(c => c.Value).Except(added)];
        Uri server = Server(context);
        PublishedPair pair = _pairs.GetOrAdd((server.AbsoluteUri, zone.Name), _ => new PublishedPair(clock));
        await pair.RemoveAsync(removed, cancellationToken).ConfigureAwait(false);
        if (added.Length > 0 && !await pair.AddAsync(added, value => UpdateAsync(context, server, value, cancellationToken), cancellationToken).ConfigureAwait(false))
        {
            throw ServiceErrors.RecordSetFull(
                context,
                zone.Name,
                "acme-dns shows the last two values of a registration, and more are needed at this moment",
                "Prove a name and its wildcard with one account; make an account for each further name, and let the CNAME of that name lead to it. Where another order waits here, let it end first.");
        }
    }

    public async Task<DnsRegistration> RegisterAsync(DnsContext context, CancellationToken cancellationToken)
    {
        HttpSettings.Check(context);
        Uri url = new(Server(context), "register");
        IReadOnlyList<string> networks = AcmeDnsSettings.Networks(context);
        byte[]? body = networks.Count == 0 ? null : Bytes(new JObject { ["allowfrom"] = new JArray(networks) });
        ServiceClient client = Client(context);

        // A lost answer leaves a registration at the server that nobody knows; it does no harm.
        HttpAnswer answer = await client.SendAsync(
            () => new HttpQuestion(HttpMethod.Post, url) { Body = body ?? [], ContentType = "application/json", Headers = [("Accept", "application/json")] }, cancellationToken).ConfigureAwait(false);
        if (answer.Status is 404 or 405)
        {
            throw ServiceErrors.RightMissing(
                context, "make a registration", Said(answer), "The server has registration switched off, or the address is not that of its interface. Have its administrator make one and give it with "
                    + "-Username, -Password, -Subdomain and -FullDomain.");
        }

        if (answer.Status is 401 or 403)
        {
            throw ServiceErrors.RightMissing(context, "make a registration", Said(answer), "Ask the administrator of the server who may register, and from where.");
        }

        return answer.IsSuccess
            ? client.Read(answer, ReadRegistration)
            : throw ServiceErrors.Refused(context, "make a registration", Said(answer), "Look whether the networks of AllowFrom are written as 192.0.2.0/24.");
    }

    private static DnsRegistration ReadRegistration(JToken answer)
    {
        string full = ZoneMatch.Canonical(Member("fulldomain"));
        return new DnsRegistration
        {
            Settings = new Dictionary<string, string>
            {
                [AcmeDnsSettings.Username] = Member("username"),
                [AcmeDnsSettings.Subdomain] = Member("subdomain"),
                [AcmeDnsSettings.FullDomain] = full,
            },
            Secrets = new Dictionary<string, byte[]> { [AcmeDnsSettings.Password] = Encoding.UTF8.GetBytes(Member("password")) },
            Instruction = $"Set this record once where the zone of your name is: _acme-challenge.<name> CNAME {full}. "
                + "It serves one name and its wildcard; make an account for each further name.",
        };

        string Member(string name) => (string?)answer[name] is { Length: > 0 } text ? text : throw new FormatException($"There is no {name}.");
    }

    /// <summary>Writes a value; answers whether it was sent once only.</summary>
    private async Task<bool> UpdateAsync(DnsContext context, Uri server, string value, CancellationToken cancellationToken)
    {
        Uri url = new(server, "update");
        string subdomain = context.Setting(AcmeDnsSettings.Subdomain) ?? "";
        string user = context.Setting(AcmeDnsSettings.Username) ?? "";
        byte[] body = Bytes(new JObject { ["subdomain"] = subdomain, ["txt"] = value });
        int sent = 0;
        HttpAnswer answer = await Client(context).SendAsync(Ask, cancellationToken).ConfigureAwait(false);
        switch (answer.Status)
        {
            case 200 when Member(answer, "txt") == value:
                return sent == 1;
            case 200:
                throw ServiceErrors.Unreadable(context, url, answer.Status, "it does not repeat the value");
            case 401 or 403:
                throw ServiceErrors.Rejected(
                    context, Said(answer), "The server says the same of a wrong username, password or subdomain, and of an address that the registration does not allow (AllowFrom): look at all of them.");
            case 404 or 405:
                throw ServiceErrors.Refused(context, $"write at {context.Setting(AcmeDnsSettings.FullDomain)}", Said(answer), "Look whether BaseUrl is the address of the server's interface.");
            default:
                throw ServiceErrors.Refused(context, $"write at {context.Setting(AcmeDnsSettings.FullDomain)}", Said(answer));
        }

        HttpQuestion Ask()
        {
            sent++;
            return new HttpQuestion(HttpMethod.Post, url)
            {
                Body = body,
                ContentType = "application/json",
                Headers = [("Accept", "application/json"), ("X-Api-User", user), ("X-Api-Key", context.GetSecretText(AcmeDnsSettings.Password) ?? "")],
            };
        }
    }

    /// <exception cref="ChallengeException">KmDnsChangeRefused.</exception>
    private static void RefuseOthers(DnsContext context, RecordChange change)
    {
        if (change.Type != DnsRecordType.Txt)
        {
            throw ServiceErrors.Refused(context, $"write an alias at {change.Name}", "acme-dns holds TXT records only", "Set the alias at the service that holds the zone.");
        }

        if (!Value.IsMatch(change.Value))
        {
            throw ServiceErrors.Refused(
                context,
                $"write at {change.Name}",
                "acme-dns takes values of exactly 43 characters of base64url, which is what dns-01 asks for",
                "Publish a record of another kind, such as that of dns-persist-01, at the service that holds the zone.");
        }
    }

    private static string FullDomain(DnsContext context) => ZoneMatch.Canonical(context.Setting(AcmeDnsSettings.FullDomain) ?? "");

    private static Uri Server(DnsContext context) => HttpSettings.Url(DnsSettings.BaseUrl, context.Setting(DnsSettings.BaseUrl) ?? "");

    private static string Said(HttpAnswer answer) => Member(answer, "error") is { Length: > 0 } said ? $"\"{said}\" (status {answer.Status})" : $"status {answer.Status}";

    private static string? Member(HttpAnswer answer, string name) => ServiceClient.TryRead(answer) is JObject body && body[name] is JValue { Type: JTokenType.String } value ? (string?)value : null;

    private static byte[] Bytes(JObject body) => Encoding.UTF8.GetBytes(body.ToString(Formatting.None));

    private ServiceClient Client(DnsContext context) => new(context, channels.Get(Service, context), clock);
}
