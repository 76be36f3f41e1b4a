using System.Collections.Generic;
using KeyManager.Moving;

namespace KeyManager.Providers.Moving;

/// <summary>What people take over themselves, in the same words whichever program it comes from.</summary>
internal static class LeftToPeople
{
    /// <summary>Where certificates go.</summary>
    public const string ByTargets = "Say here where it goes: New-KmDeployTarget, then Set-KmDomainMapping; see docs/deployment.md.";

    /// <summary>What a hook did.</summary>
    public const string BySameTarget = "Make a deployment target that does the same: New-KmDeployTarget (docs/deployment.md).";

    /// <summary>Names that are proved in several ways.</summary>
    public const string ByOneWay = "Order it here with one way that suits all names: a DNS account (New-KmDnsAccount), or a folder that serves all of them (New-KmCertificateOrder -WebRootPath).";

    /// <summary>A folder that is not one that the web server serves as a whole.</summary>
    public const string ByWebRoot = "Order it here with New-KmCertificateOrder -WebRootPath: one folder that all names serve; the files come to lie in .well-known/acme-challenge below it.";

    /// <summary>A renewal whose proof cannot be taken over as it is.</summary>
    public static ForeignRenewal Proof(ChallengeType? type, MigrationKind kind, string name, string detail, string remedy, string source) =>
        new() { ChallengeType = type, ProofByHand = new ForeignRemark(kind, name, detail, remedy, source) };

    /// <summary>A renewal whose names are proved in several ways.</summary>
    public static ForeignRenewal SeveralWays(string name, IEnumerable<string> ways, string source) => Proof(
        null, MigrationKind.Renewal, name, $"Its names are proved in several ways ({string.Join(", ", ways)}); an order here has one way for all.", ByOneWay, source);

    /// <summary>A renewal that waits until somebody has written its records: it does not run by itself.</summary>
    public static ForeignRenewal WrittenRecords(ChallengeType type, string name, string source) => Proof(
        type, MigrationKind.Renewal, name, "Somebody writes its TXT records by hand.", "Let a DNS account write them: New-KmDnsAccount, then New-KmCertificateOrder -DnsAccount.", source) with { IsPaused = true };

    /// <summary>Something that is run, or a place to which a certificate is copied.</summary>
    public static ForeignRemark Hook(string name, string detail, string remedy, string source) => new(MigrationKind.DeployHook, name, detail, remedy, source);

    /// <summary>An extension that renewals here do not ask for.</summary>
    public static ForeignRemark MustStaple(string name, string source) => new(
        MigrationKind.Renewal, name, "It asks for 'OCSP must staple', which KeyManager does not ask for: most public authorities have ended OCSP.", null, source);

    /// <summary>A certificate that is ordered with a request whose key the program does not have.</summary>
    public static ForeignRemark OfRequest(string program, string name, string requestPath, string source) => new(
        MigrationKind.Renewal,
        name,
        $"The certificate '{name}' is ordered with a request whose key {program} does not have.",
        $"Order it here with the same request: New-KmCertificateOrder -CsrPath '{requestPath}'.",
        source);
}
