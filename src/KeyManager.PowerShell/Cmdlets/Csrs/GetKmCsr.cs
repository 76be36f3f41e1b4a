using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the stored certificate requests, newest first.</summary>
/// <example><code>Get-KmCsr</code><para>Lists all requests.</para></example>
/// <seealso cref="NewKmCsrCommand"/>
[Cmdlet(VerbsCommon.Get, "KmCsr")]
[OutputType(typeof(CertificateSigningRequest))]
public sealed class GetKmCsrCommand : KmCmdlet
{
    /// <summary>Name, wildcards are allowed, or id.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(CsrCompleter))]
    [SupportsWildcards]
    [Alias("Id")]
    public string? Name { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        NamePattern pattern = new(Name ?? "*");
        if (!pattern.HasWildcards || (Name is not null && Services.Store.Read(session => session.Csrs.FindByName(Name)) is not null))
        {
            await pipeline.WriteObjectAsync(Services.Csrs.Get(Name!)).ConfigureAwait(false); // without wildcards a name was given
            return;
        }

        await WriteAllAsync(pipeline, Services.Csrs.List(Name).Where(c => pattern.Matches(c.Name)), cancellationToken).ConfigureAwait(false);
    }
}
