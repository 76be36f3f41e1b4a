using System.Management.Automation;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Removes renewal policies. The certificates fall to the next policy that selects them, or to the usual rule.</summary>
/// <example><code>Remove-KmRenewalPolicy web</code><para>Removes it. To keep certificates from being renewed, switch it off instead: Disable-KmRenewalPolicy.</para></example>
/// <seealso cref="SetKmRenewalPolicyCommand"/>
[Cmdlet(VerbsCommon.Remove, "KmRenewalPolicy", SupportsShouldProcess = true)]
public sealed class RemoveKmRenewalPolicyCommand : RenewalPolicyCmdlet
{
    protected override async Task ProcessAsync(IPipeline pipeline, RenewalPolicy policy)
    {
        if (await pipeline.ShouldProcessAsync(policy.Name, "Remove renewal policy").ConfigureAwait(false))
        {
            Services.RenewalPolicies.Remove(policy.Id);
        }
    }
}
