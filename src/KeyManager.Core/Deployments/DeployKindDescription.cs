namespace KeyManager.Deployments;

/// <summary>What a kind of target is and what a target of it is given.</summary>
public sealed record DeployKindDescription : ProviderDescription
{
    /// <summary>Where it was tried: a real peer, or a recorded double only.</summary>
    public required string ProvedOn { get; init; }

    internal override string One => $"A target of the kind {Name}";

    internal override string WhereToLook => $"Get-KmProvider {Name} shows all settings.";
}
