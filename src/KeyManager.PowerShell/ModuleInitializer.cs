using System.Management.Automation;

namespace KeyManager.PowerShell;

/// <summary>
/// Runs when the module is imported and removed. It prepares where assemblies come from and does nothing that takes time: the store and
/// everything behind it wait for the first command.
/// </summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnImport() => AssemblyLoading.Install();

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        CompositionRoot.CloseAll();
        AssemblyLoading.Remove();
    }
}
