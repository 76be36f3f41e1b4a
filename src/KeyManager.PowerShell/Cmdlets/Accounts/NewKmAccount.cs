using System.Collections;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Makes an account with a certificate authority; for the built-in authority, a private root of your own.</summary>
/// <remarks>
/// The first account becomes the default, which orders use when none is named. With -Authority Local a root and an issuing authority are made;
/// their keys are stored encrypted. Give the root to your clients with Export-KmAccountCertificate.
/// </remarks>
/// <example><code>New-KmAccount -Name private -Authority Local</code><para>Makes a private root for certificates of up to 398 days, 90 by default.</para></example>
/// <example><code>New-KmAccount -Name lab -Authority Local -Setting @{ AllowedNames = 'lab.contoso.com', '10.0.0.0/8'; ValidityDays = 30 }</code><para>A private root that issues only for the lab. Get-KmAuthority Local lists all settings.</para></example>
/// <seealso cref="GetKmAuthorityCommand"/>
/// <seealso cref="ExportKmAccountCertificateCommand"/>
[Cmdlet(VerbsCommon.New, "KmAccount", SupportsShouldProcess = true)]
[OutputType(typeof(AuthorityAccount))]
public sealed class NewKmAccountCommand : KmCmdlet
{
    /// <summary>Name of the account, unique in the store.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The authority; see Get-KmAuthority. Default: Local.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(AuthorityCompleter))]
    public string Authority { get; set; } = "Local";

    /// <summary>E-mail addresses for the authority.</summary>
    [Parameter]
    public string[] Contact { get; set; } = [];

    /// <summary>Settings of the account by name; Get-KmAuthority lists them.</summary>
    [Parameter]
    public Hashtable? Setting { get; set; }

    /// <summary>Make it the account that orders use when none is named.</summary>
    [Parameter]
    public SwitchParameter Default { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        AccountRequest request = new()
        {
            Id = Identifier.New(),
            Name = Name.Trim(),
            Contact = MailAddresses.Check(Contact),
            Settings = SettingTable.ToDictionary(Setting),
        };
        // Not asked of the store: -WhatIf answers where there is none yet.
        AuthorityDescription authority = CompositionRoot.GetAuthority(Authority);
        if (await pipeline.ShouldProcessAsync(Name, $"Make an account with {authority.Title}").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(
                await Services.RegisterAccount.RunAsync(authority.Name, request, Default, pipeline, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }
}
