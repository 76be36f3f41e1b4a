using System;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>How credentials are had, found out from settings, variables and files without asking anybody.</summary>
internal abstract record CredentialPlan
{
    /// <summary>Keys that are at hand.</summary>
    /// <param name="Read">Reads them; called for each request.</param>
    public sealed record Keys(Func<AwsCredentials> Read) : CredentialPlan;

    /// <summary>A program prints them.</summary>
    /// <param name="CommandLine">How it is called.</param>
    /// <param name="Profile">Where that stands.</param>
    public sealed record Program(string CommandLine, string Profile) : CredentialPlan;

    /// <summary>The container's role.</summary>
    public sealed record Container : CredentialPlan;

    /// <summary>The instance's role.</summary>
    public sealed record Instance : CredentialPlan;

    /// <summary>A role for a token of an identity provider.</summary>
    /// <param name="TokenPath">File that holds the token.</param>
    /// <param name="To">The role.</param>
    public sealed record WebIdentity(string TokenPath, AssumedRole To) : CredentialPlan;

    /// <summary>A role for other credentials.</summary>
    /// <param name="By">Those.</param>
    /// <param name="To">The role.</param>
    public sealed record Role(CredentialPlan By, AssumedRole To) : CredentialPlan;
}
