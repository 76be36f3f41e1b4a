using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the stored private keys, newest first; what is known about them, never the keys themselves.</summary>
/// <example><code>Get-KmPrivateKey www.contoso.com</code><para>The keys that versions of this entry use or used.</para></example>
/// <seealso cref="ExportKmPrivateKeyCommand"/>
[Cmdlet(VerbsCommon.Get, "KmPrivateKey")]
[OutputType(typeof(PrivateKeyInfo))]
public sealed class GetKmPrivateKeyCommand : KmCmdlet
{
    /// <summary>Name, wildcards are allowed, or id.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(PrivateKeyCompleter))]
    [SupportsWildcards]
    [Alias("Id")]
    public string? Name { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        if (Name is not null && Services.Store.Read(session => session.PrivateKeys.Find(Name)) is PrivateKeyInfo byId)
        {
            await pipeline.WriteObjectAsync(byId).ConfigureAwait(false);
            return;
        }

        NamePattern pattern = new(Name ?? "*");
        int found = 0;
        foreach (PrivateKeyInfo key in Services.Keys.List(Name).Where(k => pattern.Matches(k.Name)))
        {
            found++;
            await pipeline.WriteObjectAsync(key).ConfigureAwait(false);
        }

        if (found == 0 && !pattern.HasWildcards)
        {
            throw new NotFoundException(ErrorIds.PrivateKeyNotFound, $"There is no stored private key '{Name}'.") { Target = Name, Remedy = "Get-KmPrivateKey lists the keys." };
        }
    }
}
