using System;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Makes a certificate request (PKCS#10) and stores it with its key.</summary>
/// <remarks>For an authority outside of KeyManager (Export-KmCsr writes it), or for several orders with the same request (-CsrName on New-KmCertificateOrder).</remarks>
/// <example><code>New-KmCsr www.contoso.com, contoso.com -Organization Contoso -Country NO | Export-KmCsr -Path ./www.csr</code><para>Makes a request for two names and writes it to a file.</para></example>
/// <seealso cref="ExportKmCsrCommand"/>
[Cmdlet(VerbsCommon.New, "KmCsr", SupportsShouldProcess = true)]
[OutputType(typeof(CertificateSigningRequest))]
public sealed class NewKmCsrCommand : KmCmdlet
{
    /// <summary>The names; the first becomes the common name. A request of addresses only has an empty subject.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    public string[] DomainName { get; set; } = [];

    /// <summary>Name in the store; default: the first domain name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Name { get; set; }

    /// <summary>Kind of key: Ecdsa, Rsa or Ed25519; default: the setting DefaultKeyAlgorithm.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public KeyAlgorithm? KeyAlgorithm { get; set; }

    /// <summary>Length of key in bits: Rsa 2048 to 8192 (default 2048), Ecdsa 256, 384 or 521 (default 256). Without -KeyAlgorithm the setting DefaultKeyLength may say otherwise.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? KeyLength { get; set; }

    /// <summary>Hash of the signature; default: the one that fits the key.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SignatureHash? SignatureAlgorithm { get; set; }

    /// <summary>A stored key to use instead of a new one.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PrivateKeyCompleter))]
    public PrivateKeyReference? PrivateKey { get; set; }

    /// <summary>Organization for the subject.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Organization { get; set; }

    /// <summary>Organizational units for the subject.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string[] OrganizationalUnit { get; set; } = [];

    /// <summary>City for the subject.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Locality { get; set; }

    /// <summary>State or province for the subject.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? State { get; set; }

    /// <summary>Two-letter country code for the subject.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidatePattern("^([A-Za-z]{2})?$")]
    public string? Country { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        CsrRequest request = new()
        {
            DomainNames = [.. DomainName.SelectMany(n => n.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries)).Select(KeyManager.DomainName.Parse)],
            Name = Blank.ToNull(Name),
            KeyAlgorithm = KeyAlgorithm,
            KeyLength = Blank.ToNull(KeyLength),
            SignatureAlgorithm = SignatureAlgorithm,
            PrivateKey = PrivateKey?.Text,
            Subject = new SubjectName
            {
                Organization = Blank.ToNull(Organization),
                OrganizationalUnits = [.. OrganizationalUnit.Where(u => !string.IsNullOrWhiteSpace(u))],
                Locality = Blank.ToNull(Locality),
                State = Blank.ToNull(State),
                Country = Blank.ToNull(Country)?.ToUpperInvariant(),
            },
        };
        if (await pipeline.ShouldProcessAsync(string.Join(", ", request.DomainNames), "Make certificate request").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(Services.Csrs.Create(request)).ConfigureAwait(false);
        }
    }
}
