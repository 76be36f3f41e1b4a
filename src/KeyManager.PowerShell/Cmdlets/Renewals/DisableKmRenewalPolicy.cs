using System.Management.Automation;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Switches renewal policies off: the certificates that they select are not renewed by themselves.</summary>
/// <example><code>Disable-KmRenewalPolicy web</code><para>Its certificates are left alone until Enable-KmRenewalPolicy.</para></example>
/// <seealso cref="EnableKmRenewalPolicyCommand"/>
[Cmdlet(VerbsLifecycle.Disable, "KmRenewalPolicy", SupportsShouldProcess = true)]
[OutputType(typeof(RenewalPolicy))]
public sealed class DisableKmRenewalPolicyCommand : RenewalPolicyCmdlet
{
    protected override async Task ProcessAsync(IPipeline pipeline, RenewalPolicy policy)
    {
        if (await pipeline.ShouldProcessAsync(policy.Name, "Switch renewal policy off").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(Services.RenewalPolicies.SetEnabled(policy.Id, enabled: false)).ConfigureAwait(false);
        }
    }
}
