using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Tries accounts out at their authority without ordering anything ("Test Login").</summary>
/// <remarks>
/// Answers true, or an error that says what is wrong and false. For the built-in authority it checks that the keys are here, and writes the
/// revocation lists anew. -Verbose tells what was found.
/// </remarks>
/// <example><code>Get-KmAccount | Test-KmAccount -Verbose</code><para>Tries all accounts.</para></example>
/// <seealso cref="GetKmAccountCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "KmAccount")]
[OutputType(typeof(bool))]
public sealed class TestKmAccountCommand : AccountCmdlet
{
    protected override async Task ProcessAsync(IPipeline pipeline, AuthorityAccount account, CancellationToken cancellationToken)
    {
        bool works = false;
        try
        {
            pipeline.Verbose(await Services.ChangeAccount.TestAsync(account.Id, pipeline, cancellationToken).ConfigureAwait(false));
            works = true;
        }
        catch (KeyManagerException error) when (error is not StoreException)
        {
            await pipeline.WriteErrorAsync(error, account.Name).ConfigureAwait(false);
        }

        await pipeline.WriteObjectAsync(works).ConfigureAwait(false);
    }
}
