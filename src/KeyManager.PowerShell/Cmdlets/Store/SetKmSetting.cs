using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Changes a setting of the store.</summary>
/// <example><code>Set-KmSetting DefaultKeyAlgorithm Rsa</code><para>Orders make RSA keys from now on, unless they say otherwise.</para></example>
/// <example><code>Set-KmSetting MaxManagedCertificates -Reset</code><para>Takes a setting back to its default.</para></example>
/// <seealso cref="GetKmSettingCommand"/>
[Cmdlet(VerbsCommon.Set, "KmSetting", SupportsShouldProcess = true, DefaultParameterSetName = "Value")]
[OutputType(typeof(StoreSetting))]
public sealed class SetKmSettingCommand : KmCmdlet
{
    /// <summary>Name of the setting.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(SettingCompleter))]
    public string Name { get; set; } = "";

    /// <summary>Its new value.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Value")]
    [ArgumentCompleter(typeof(SettingValueCompleter))]
    public string Value { get; set; } = "";

    /// <summary>Take it back to its default.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Reset")]
    public SwitchParameter Reset { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(Name, Reset ? "Reset setting" : $"Set to '{Value}'").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(Services.Settings.Set(Name, Reset ? null : Value)).ConfigureAwait(false);
        }
    }
}
