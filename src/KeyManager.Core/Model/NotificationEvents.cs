using System;

namespace KeyManager;

/// <summary>What a notice tells of.</summary>
[Flags]
public enum NotificationEvents
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A certificate ends in so many days.</summary>
    Expiry = 1,

    /// <summary>A certificate was renewed by itself.</summary>
    Renewed = 2,

    /// <summary>A renewal failed.</summary>
    Failed = 4,

    /// <summary>A renewed certificate could not be deployed, or not be seen where it was deployed.</summary>
    DeploymentFailed = 8,

    /// <summary>An order waits for a proof of control that ends soon, such as a mail to be answered; or a certificate is proved by e-mail, which ends on 2028-03-15.</summary>
    ProofEnding = 16,

    /// <summary>It is time for a report, where the policy names one.</summary>
    Report = 32,

    /// <summary>The credentials of an account end.</summary>
    CredentialEnding = 64,

    /// <summary>All of them.</summary>
    All = Expiry | Renewed | Failed | DeploymentFailed | ProofEnding | Report | CredentialEnding,
}
