namespace KeyManager.Deployments;

/// <summary>A file that a deployment writes.</summary>
/// <param name="Path">Where, as the target calls it.</param>
/// <param name="Part">What it holds.</param>
/// <param name="Owner">Whom it belongs to, "user", "user:group" or ":group"; <c>null</c> keeps what is there.</param>
/// <param name="Mode">Its rights, octal such as 640; <c>null</c> keeps those that are there, 600 for a new private one and 644 for another.</param>
public sealed record PlannedFile(string Path, DeployPart Part, string? Owner, string? Mode)
{
    /// <summary>True when it holds the private key.</summary>
    public bool IsPrivate => Part is DeployPart.Key or DeployPart.Combined or DeployPart.Keystore;

    public override string ToString() => $"{Part} to {Path}{(Owner is null ? "" : $", owner {Owner}")}{(Mode is null ? "" : $", mode {Mode}")}";
}
