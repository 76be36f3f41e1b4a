using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Asks every server of a zone for a record, and shows what each of them says.</summary>
/// <remarks>
/// One object for each address of each server: whether it has the record, its values, and the serial number of its copy of the zone, by which a copy that lags behind is told. Nothing that
/// is asked goes through a cache. Aliases (CNAME) of a TXT record's name are followed. IPv6 addresses are left out on a machine without IPv6. It is what a wait for a proof sees. Needs no store.
/// </remarks>
/// <example><code>Test-KmDnsRecord _acme-challenge.www.contoso.com</code><para>Shows the TXT records that each server of contoso.com has there.</para></example>
/// <example><code>Get-KmChallenge www.contoso.com | Where-Object Type -eq Dns01 | Test-KmDnsRecord</code><para>Looks for the values that the authority wants to see.</para></example>
/// <example><code>Test-KmDnsRecord _acme-challenge.www.contoso.com -Type CName -Value www.acme.contoso.net</code><para>Looks whether the delegation is at every server.</para></example>
/// <example><code>Test-KmDnsRecord _acme-challenge.www.contoso.com -Resolver 1.1.1.1, 8.8.8.8</code><para>Asks resolvers instead, which answer from their caches.</para></example>
/// <seealso cref="TestKmChallengeCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "KmDnsRecord")]
[OutputType(typeof(DnsRecordTest))]
public sealed class TestKmDnsRecordCommand : KmCmdlet
{
    /// <summary>Full name of the record, such as _acme-challenge.www.contoso.com.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Location", "RecordName")]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The values that have to be there, all of them; others may be there too. Default: any.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public string[] Value { get; set; } = [];

    /// <summary>Kind of record: Txt (the default) or CName.</summary>
    [Parameter]
    public DnsRecordType Type { get; set; } = DnsRecordType.Txt;

    /// <summary>DNS servers to ask instead of those of the zone, addresses with or without port.</summary>
    [Parameter]
    public string[] Resolver { get; set; } = [];

    private protected override bool NeedsStore => false;

    protected override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) => ForEachAsync(pipeline, Name, Name.Length > 1, async name =>
    {
        IReadOnlyList<string> values = [.. Value.Where(v => !string.IsNullOrEmpty(v))];
        IReadOnlyList<string> resolvers = [.. Resolver.Where(r => !string.IsNullOrWhiteSpace(r))];
        foreach (DnsRecordTest test in await CompositionRoot.TestRecordAsync(name, Type, values, resolvers, pipeline, cancellationToken).ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(test).ConfigureAwait(false);
        }
    });
}
