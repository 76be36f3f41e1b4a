using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Says which DNS account changes the records of a domain and of the names below it, and to which targets its certificates go.</summary>
/// <remarks>
/// The mapping of the longest domain counts; "*" is the one for everything else. An order that names a DNS account goes before it. What is not named stays as it is; an empty value takes it away.
/// </remarks>
/// <example><code>Set-KmDomainMapping contoso.com -DnsAccount cf</code><para>Proofs for contoso.com and everything below are written with the account cf.</para></example>
/// <example><code>Set-KmDomainMapping fabrikam.com -DnsAccount bind -Zone fabrikam.com -KeyName fabrikam-key -KeySecret (Read-Host -AsSecureString)</code><para>A zone and a key of its own for one domain, at the same server.</para></example>
/// <example><code>Set-KmDomainMapping contoso.com -DnsAccount acme -RecordName contoso.proofs.fabrikam.com</code><para>A CNAME at _acme-challenge.contoso.com leads there; the record is written at its end.</para></example>
/// <example><code>Set-KmDomainMapping contoso.com -DeployTarget web01, web02</code><para>Certificates for contoso.com and everything below go to two servers, also at renewals.</para></example>
/// <seealso cref="GetKmDomainMappingCommand"/>
/// <seealso cref="NewKmDnsAccountCommand"/>
[Cmdlet(VerbsCommon.Set, "KmDomainMapping", SupportsShouldProcess = true)]
[OutputType(typeof(DomainMapping))]
public sealed class SetKmDomainMappingCommand : KmCmdlet
{
    /// <summary>The domain; the names below it are meant too. "*" for all that have no mapping of their own.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DomainMappingCompleter))]
    public string[] DomainName { get; set; } = [];

    /// <summary>The DNS account.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DnsAccountCompleter))]
    [AllowEmptyString]
    public string? DnsAccount { get; set; }

    /// <summary>The targets that certificates for the domain are deployed to when they are saved; an empty name for none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DeployTargetCompleter))]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string[]? DeployTarget { get; set; }

    /// <summary>Full name at which proofs are written, because a CNAME leads there. Default: where the CNAME of the name leads now, else the name itself.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? RecordName { get; set; }

    /// <summary>The zone, for this domain, where the account's setting Zone is another.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? Zone { get; set; }

    /// <summary>Name of the TSIG key for this domain (provider Rfc2136).</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? KeyName { get; set; }

    /// <summary>Algorithm of that key, such as hmac-sha256.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? KeyAlgorithm { get; set; }

    /// <summary>Secret of that key.</summary>
    [Parameter]
    public SecureString? KeySecret { get; set; }

    /// <summary>Other settings of the account that differ for this domain, by name; Get-KmProvider lists them.</summary>
    [Parameter]
    public Hashtable? Setting { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        Dictionary<string, string> settings = SettingTable.ToDictionary(Setting, (nameof(Zone), Zone), (nameof(KeyName), KeyName), (nameof(KeyAlgorithm), KeyAlgorithm));
        using SecretText? secret = KeySecret is null ? null : new SecretText(KeySecret);
        Dictionary<string, byte[]> secrets = secret is null ? [] : new Dictionary<string, byte[]> { [nameof(KeySecret)] = secret.Utf8 };
        await ForEachAsync(pipeline, DomainName, DomainName.Length > 1, async domain =>
        {
            if (await pipeline.ShouldProcessAsync(domain, "Set the mapping of the domain").ConfigureAwait(false))
            {
                await pipeline.WriteObjectAsync(Services.DomainMappings.Set(domain, DnsAccount, RecordName, settings, secrets, pipeline, DeployTarget)).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
    }
}
