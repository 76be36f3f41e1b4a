using System.Collections.Generic;
using KeyManager.Files;
using KeyManager.Authorities;
using KeyManager.Challenges;
using KeyManager.Deployments;
using KeyManager.Discovery;
using KeyManager.Dns;
using KeyManager.Hosting;
using KeyManager.Moving;
using KeyManager.Notifications;
using KeyManager.Scheduling;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Everything that operations reach the world through; filled in at one place, the composition root.</summary>
public sealed record KeyManagerPorts
{
    public required IStore Store { get; init; }

    public required Clock Clock { get; init; }

    public required AuthorityRegistry Authorities { get; init; }

    public required IKeyTools Keys { get; init; }

    public required ICertificateRequestTools Requests { get; init; }

    public required ICertificateTools Certificates { get; init; }

    public required IReadOnlyList<IKeystoreFormat> KeystoreFormats { get; init; }

    public required IKeystoreReader KeystoreReader { get; init; }

    public required IReadOnlyList<IChallengeSolver> Solvers { get; init; }

    public required IProofCheck Proofs { get; init; }

    public required DnsProviderRegistry DnsProviders { get; init; }

    /// <summary>The kinds of deployment target.</summary>
    public DeployKindRegistry DeployKinds { get; init; } = new([]);

    /// <summary>Looks what endpoints serve; <c>null</c> to look nowhere.</summary>
    public IEndpointProbe? Endpoints { get; init; }

    /// <summary>Look for certificates that somebody else made, each in places of its kind.</summary>
    public IReadOnlyList<ICertificateFinder> Finders { get; init; } = [];

    /// <summary>The other programs whose certificates can be taken over.</summary>
    public ForeignToolRegistry ForeignTools { get; init; } = new([]);

    /// <summary>Reads records as the world sees them; <c>null</c> to read none.</summary>
    public IValidationProbe? Probe { get; init; }

    /// <summary>Looks at names before an authority does; <c>null</c> to leave that out.</summary>
    public IPreflight? Preflight { get; init; }

    /// <summary>Says which DNS account would write a record; <c>null</c> to leave that out.</summary>
    public IDnsAccountCheck? DnsAccounts { get; init; }

    /// <summary>Follows aliases; <c>null</c> to take every name as it is.</summary>
    public IAliasLookup? Aliases { get; init; }

    /// <summary>Reads what authorities publish about revoked certificates; <c>null</c> to read nothing.</summary>
    public IRevocationCheck? Revocation { get; init; }

    /// <summary>What delivers notices.</summary>
    public IReadOnlyList<INotificationSender> Notifications { get; init; } = [];

    /// <summary>The schedulers of the machine, the one to prefer first.</summary>
    public IReadOnlyList<IRenewalScheduler> Schedulers { get; init; } = [];

    /// <summary>Files with parts of a store; <c>null</c> where there are none.</summary>
    public IPartsFiles? Parts { get; init; }

    public required IHostRights Rights { get; init; }

    public required IFileWriter Files { get; init; }
}
