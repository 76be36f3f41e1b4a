namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>Where a managed identity can come from; values of a setting.</summary>
internal static class IdentityKinds
{
    public const string Auto = nameof(Auto);
    public const string VirtualMachine = nameof(VirtualMachine);
    public const string AppService = nameof(AppService);
    public const string Arc = nameof(Arc);
}
