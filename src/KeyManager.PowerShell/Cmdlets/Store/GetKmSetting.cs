using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the settings of the store.</summary>
/// <example><code>Get-KmSetting</code><para>Lists all settings with what they do.</para></example>
/// <seealso cref="SetKmSettingCommand"/>
[Cmdlet(VerbsCommon.Get, "KmSetting")]
[OutputType(typeof(StoreSetting))]
public sealed class GetKmSettingCommand : KmCmdlet
{
    /// <summary>Name; wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(SettingCompleter))]
    [SupportsWildcards]
    public string Name { get; set; } = "*";

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        NamePattern pattern = new(Name);
        IReadOnlyList<StoreSetting> found = pattern.Select(Services.Settings.List(), s => s.Name);
        if (found.Count == 0 && !pattern.HasWildcards)
        {
            throw new NotFoundException(ErrorIds.SettingNotFound, $"There is no setting '{Name}'.") { Target = Name, Remedy = "Get-KmSetting lists them." };
        }

        foreach (StoreSetting setting in found)
        {
            await pipeline.WriteObjectAsync(setting).ConfigureAwait(false);
        }
    }
}
