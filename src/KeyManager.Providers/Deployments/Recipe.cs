using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments;

/// <summary>What a service wants: which files where, whom they belong to, how it is tested and reloaded, where it answers. Every setting of a target goes before it.</summary>
internal sealed record Recipe
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    public string? FullChainPath { get; init; }

    public string? CertificatePath { get; init; }

    public string? ChainPath { get; init; }

    public string? PrivateKeyPath { get; init; }

    public string? CombinedPath { get; init; }

    public string? KeystorePath { get; init; }

    public string? Owner { get; init; }

    public string? KeyMode { get; init; }

    public string? TestCommand { get; init; }

    public string? ReloadCommand { get; init; }

    public int? Port { get; init; }

    public EndpointProtocol Protocol { get; init; }
}
