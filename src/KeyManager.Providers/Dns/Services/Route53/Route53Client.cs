using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using System.Xml;
using System.Xml.Linq;
using KeyManager.Dns;
using KeyManager.Providers.Files;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>The calls of Route 53, version 2013-04-01, for one account. Signed, paced, and asked again where it is told to come later.</summary>
internal sealed class Route53Client(DnsContext context, HttpChannels channels, Clock clock, HostEnvironment environment, CredentialSources credentials, RequestPace pace)
{
    /// <summary>The service in errors and logs.</summary>
    public const string Name = "Route 53";

    private const string Version = "/2013-04-01/";

    // The largest page of each list.
    private const string MostZones = "100";
    private const string MostSets = "300";

    private readonly AwsPartition _partition = AwsPartition.Of(new CredentialPlanner(context, environment).Region());

    /// <summary>Every hosted zone of the AWS account, page by page: private ones, and those that other services of AWS keep for themselves, too.</summary>
    public async Task<IReadOnlyList<ListedZone>> ListZonesAsync(CancellationToken cancellationToken)
    {
        List<ListedZone> zones = [];
        string? marker = null;
        do
        {
            HttpAnswer answer = await NeedAsync(
                Request(HttpMethod.Get, "hostedzone", [("maxitems", MostZones), .. marker is null ? Array.Empty<(string, string)>() : [("marker", marker)]]),
                "list its hosted zones",
                "Allow route53:ListHostedZones on all resources (*), since it cannot be narrowed to a zone; or name the zones with ZoneId.",
                null,
                cancellationToken).ConfigureAwait(false);
            (List<ListedZone> page, string? next) = AwsXml.Read(context, answer, "ListHostedZonesResponse", root => (
                root.Items("HostedZones").Select(ListedZone.Read).ToList(),
                root.IsTrue("IsTruncated") ? root.NeedText("NextMarker") : null));
            zones.AddRange(page);
            marker = next is null || next != marker ? next : throw Endless(answer);
        }
        while (marker is not null);

        return zones;
    }

    /// <summary>The name of a zone that is known by its identifier: its first record set is at its own name. So the rights to list or read zones are not needed.</summary>
    public async Task<string> NameOfZoneAsync(string id, CancellationToken cancellationToken)
    {
        HttpAnswer answer = await NeedAsync(Request(HttpMethod.Get, $"hostedzone/{id}/rrset", [("maxitems", "1")]), $"read the zone {id}", ReadRight(id), id, cancellationToken).ConfigureAwait(false);
        return AwsXml.Read(context, answer, "ListResourceRecordSetsResponse", root => RecordSet.Read(root.Items("ResourceRecordSets").FirstOrDefault() ?? throw new FormatException("The zone has no records.")).Name);
    }

    /// <summary>A page of record sets, in the order of <see cref="RecordNames.Order"/>.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="from">Where it begins; all types of the first name come.</param>
    /// <param name="few">True where one name is wanted, so that no long page is sent for it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<RecordSetPage> ListRecordSetsAsync(HostedZone zone, RecordSetStart from, bool few, CancellationToken cancellationToken)
    {
        List<(string, string)> parameters = [("maxitems", few ? "10" : MostSets), ("name", from.Name)];
        if (from.Type is not null)
        {
            parameters.Add(("type", from.Type));
        }

        if (from.Identifier is not null)
        {
            parameters.Add(("identifier", from.Identifier));
        }

        HttpAnswer answer = await NeedAsync(Request(HttpMethod.Get, $"hostedzone/{zone.Id}/rrset", [.. parameters]), $"read the zone {zone.Name}", ReadRight(zone.Id), zone.Name, cancellationToken).ConfigureAwait(false);
        RecordSetPage page = AwsXml.Read(context, answer, "ListResourceRecordSetsResponse", root => new RecordSetPage(
            [.. root.Items("ResourceRecordSets").Select(RecordSet.Read)],
            root.IsTrue("IsTruncated") ? new RecordSetStart(root.NeedText("NextRecordName"), root.NeedText("NextRecordType"), root.Text("NextRecordIdentifier")) : null));
        return page.Next is null || (page.Next != from && page.Sets.Count > 0) ? page : throw Endless(answer);
    }

    /// <summary>Makes the changes, all or none.</summary>
    /// <returns>The identifier of the change; or what Route 53 has against it as the zone is now.</returns>
    public async Task<(string? ChangeId, AwsError? Refusal)> ChangeAsync(HostedZone zone, IReadOnlyList<RecordSetChange> changes, CancellationToken cancellationToken)
    {
        XNamespace ns = RecordSet.Namespace;
        XElement document = new(
            ns + "ChangeResourceRecordSetsRequest",
            new XElement(ns + "ChangeBatch", new XElement(ns + "Comment", "KeyManager"), new XElement(ns + "Changes", changes.Select(c => c.ToXml()))));
        AwsRequest request = new(HttpMethod.Post, Endpoint(), $"{Version}hostedzone/{zone.Id}/rrset/") { Body = Bytes(document), ContentType = "application/xml" };
        HttpAnswer answer = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (answer.IsSuccess)
        {
            return (AwsXml.Read(context, answer, "ChangeResourceRecordSetsResponse", root => AwsXml.Id(root.Need("ChangeInfo").NeedText("Id"))), null);
        }

        AwsError error = AwsError.Read(answer);
        return error.Code == AwsError.InvalidChangeBatch
            ? (null, error)
            : throw AwsErrors.Explain(
                context, answer, clock.UtcNow, $"change the zone {zone.Name}",
                $"Allow route53:ChangeResourceRecordSets on arn:{_partition.Name}:route53:::hostedzone/{zone.Id}, with the actions CREATE and DELETE.", zone.Name);
    }

    /// <summary>Whether every server of Route 53 has a change.</summary>
    public async Task<bool> IsInSyncAsync(string changeId, CancellationToken cancellationToken)
    {
        HttpAnswer answer = await NeedAsync(
            Request(HttpMethod.Get, "change/" + changeId, []), "ask how a change stands", $"Allow route53:GetChange on arn:{_partition.Name}:route53:::change/*, or set InSyncMaximum to 0.", null, cancellationToken).ConfigureAwait(false);
        return AwsXml.Read(context, answer, "GetChangeResponse", root => root.Need("ChangeInfo").NeedText("Status").Trim() == "INSYNC");
    }

    private AwsRequest Request(HttpMethod method, string path, (string Name, string Value)[] parameters) => new(method, Endpoint(), Version + path, parameters);

    private Uri Endpoint() => HttpSettings.BaseUrl(context, $"https://{_partition.Route53Host}/");

    private string ReadRight(string id) => $"Allow route53:ListResourceRecordSets on arn:{_partition.Name}:route53:::hostedzone/{id}.";

    private ChallengeException Endless(HttpAnswer answer) => ServiceErrors.Unreadable(context, answer.Url, answer.Status, "its list has no end");

    private async Task<HttpAnswer> NeedAsync(AwsRequest request, string what, string right, string? zone, CancellationToken cancellationToken)
    {
        HttpAnswer answer = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        return answer.IsSuccess ? answer : throw AwsErrors.Explain(context, answer, clock.UtcNow, what, right, zone);
    }

    private async Task<HttpAnswer> SendAsync(AwsRequest request, CancellationToken cancellationToken)
    {
        ServiceClient client = new(context, channels.Get(Name, context), clock);
        for (bool isRenewed = false; ; isRenewed = true)
        {
            await pace.WaitAsync(cancellationToken).ConfigureAwait(false);
            AwsCredentials used = await credentials.GetAsync(context, cancellationToken).ConfigureAwait(false);
            try
            {
                HttpAnswer answer = await client.SendAsync(
                    () => RequestSigner.Sign(request, used, _partition.SigningRegion, "route53", clock.UtcNow), cancellationToken, a => a.Status == 400 && AwsError.Read(a).MeansLater).ConfigureAwait(false);
                if (answer.IsSuccess || isRenewed || !used.IsRenewable || !AwsError.Read(answer).IsExpired)
                {
                    return answer;
                }
            }
            finally
            {
                used.Release();
            }

            credentials.Forget(context);
        }
    }

    private static byte[] Bytes(XElement document)
    {
        using MemoryStream body = new();
        using (XmlWriter writer = XmlWriter.Create(body, new XmlWriterSettings { Encoding = new System.Text.UTF8Encoding(false), OmitXmlDeclaration = true }))
        {
            document.WriteTo(writer);
        }

        return body.ToArray();
    }
}
