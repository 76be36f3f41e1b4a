namespace KeyManager.Storage;

/// <summary>The place of one secret: whose it is and what it is. The place is bound into the encryption, so a value cannot be moved to another.</summary>
/// <param name="OwnerKind">"key", "account", "lineage", ...</param>
/// <param name="OwnerId">Identifier of the owner.</param>
/// <param name="Name">What it is: "pkcs8", "keystore-password", ...</param>
public sealed record SecretRef(string OwnerKind, string OwnerId, string Name)
{
    /// <summary>PKCS#8 of a private key.</summary>
    public static SecretRef PrivateKey(string keyId) => new("key", keyId, "pkcs8");

    /// <summary>Password of the keystores that an entry's exports make.</summary>
    public static SecretRef KeystorePassword(string lineageOrOrderId) => new("entry", lineageOrOrderId, "keystore-password");

    /// <summary>A secret of a DNS account, by the name of its setting.</summary>
    public static SecretRef DnsAccount(string dnsAccountId, string name) => new("dns", dnsAccountId, name);

    /// <summary>A secret that a mapping has in the place of its DNS account's.</summary>
    public static SecretRef DomainMapping(string mappingId, string name) => new("mapping", mappingId, name);

    /// <summary>A secret of a deployment target, by the name of its setting.</summary>
    public static SecretRef DeployTarget(string targetId, string name) => new("target", targetId, name);

    /// <summary>A secret of a notification policy.</summary>
    public static SecretRef Notification(string policyId, string name) => new("notice", policyId, name);

    /// <summary>A secret of an authority account.</summary>
    public static SecretRef Account(string accountId, string name) => new("account", accountId, name);
}
