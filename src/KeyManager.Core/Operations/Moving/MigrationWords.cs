using System;
using System.Collections.Generic;
using KeyManager.Moving;

namespace KeyManager.Operations;

/// <summary>Sentences about what is taken over.</summary>
internal static class MigrationWords
{
    public static string Of(OpenedCertificate opened, DateTimeOffset now) =>
        $"{opened.Leaf.KeyDescription}, {(opened.Leaf.NotAfter <= now ? "ended" : "ends")} {RenewalTimes.Day(opened.Leaf.NotAfter)}, {(opened.HasKey ? "with its key" : "without a key")}";

    /// <summary>How it is renewed, as the program had it.</summary>
    public static string Of(ForeignRenewal renewal, bool autoRenew)
    {
        List<string> parts = [];
        parts.Add(renewal switch
        {
            { DnsAccount: ForeignDnsAccount dns } => $"proved by {renewal.ChallengeType ?? ChallengeType.Dns01} with {dns.Name}",
            { WebRootPath: string folder } => $"proved by a file below {folder}",
            { ListenAddress: string address } => $"proved by answering on {address}",
            { ChallengeType: ChallengeType type } => $"proved by {type}",
            _ => "proved as the authority asks",
        });
        parts.Add(renewal.KeyOnRenewal switch { KeyOnRenewal.Same => "with the same key", _ => renewal.KeySpec is KeySpec spec ? $"with a new key {spec}" : "with a new key" });
        if (renewal.PreferredChain is string chain)
        {
            parts.Add($"chain {chain}");
        }

        if (renewal.Profile is string profile)
        {
            parts.Add($"profile {profile}");
        }

        parts.Add(autoRenew ? "renewed here from now on" : renewal.IsPaused ? "not renewed by itself, as before" : "held until Set-KmCertificateOrder -AutoRenew $true");
        return string.Join(", ", parts);
    }

    public static string OrderAnew(string name) => $"Order it here: New-KmCertificateOrder ... -Name {name}";
}
