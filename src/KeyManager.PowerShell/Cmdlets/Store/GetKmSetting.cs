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
        IReadOnlyList<StoreSetting> found = await FindNamedAsync(pipeline, [Name], Services.Settings.List(), s => [s.Name],
            name => throw new NotFoundException(ErrorIds.SettingNotFound, $"There is no setting '{name}'.") { Target = name, Remedy = "Get-KmSetting lists them." }).ConfigureAwait(false);
        await WriteAllAsync(pipeline, found, cancellationToken).ConfigureAwait(false);
    }
}
