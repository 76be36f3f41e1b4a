using System.Management.Automation;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Switches renewal policies on: the certificates that they select are renewed by themselves.</summary>
/// <example><code>Enable-KmRenewalPolicy web</code><para>Its certificates are renewed by themselves again.</para></example>
/// <seealso cref="DisableKmRenewalPolicyCommand"/>
[Cmdlet(VerbsLifecycle.Enable, "KmRenewalPolicy", SupportsShouldProcess = true)]
[OutputType(typeof(RenewalPolicy))]
public sealed class EnableKmRenewalPolicyCommand : RenewalPolicyCmdlet
{
    protected override async Task ProcessAsync(IPipeline pipeline, RenewalPolicy policy)
    {
        if (await pipeline.ShouldProcessAsync(policy.Name, "Switch renewal policy on").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(Services.RenewalPolicies.SetEnabled(policy.Id, enabled: true)).ConfigureAwait(false);
        }
    }
}
