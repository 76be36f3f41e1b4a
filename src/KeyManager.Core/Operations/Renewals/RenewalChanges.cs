namespace KeyManager.Operations;

/// <summary>What a renewal asks for otherwise than the last order did; <c>null</c> keeps what that had.</summary>
public sealed record RenewalChanges
{
    /// <summary>Nothing is changed.</summary>
    public static RenewalChanges None { get; } = new();

    /// <summary>Id or name of another account.</summary>
    public string? Account { get; init; }

    /// <summary>Id or name of the DNS account.</summary>
    public string? DnsAccount { get; init; }

    /// <summary>Kind of the new key.</summary>
    public KeyAlgorithm? KeyAlgorithm { get; init; }

    /// <summary>Length of the new key in bits.</summary>
    public int? KeyLength { get; init; }

    /// <summary>Which key the renewal uses.</summary>
    public KeyOnRenewal? KeyOnRenewal { get; init; }

    /// <summary>Name or id of the administrative contact.</summary>
    public string? AdminContact { get; init; }

    /// <summary>Name or id of the technical contact.</summary>
    public string? TechnicalContact { get; init; }

    /// <summary>Keystore that exports make.</summary>
    public KeystoreType? KeystoreType { get; init; }

    internal static RenewalChanges Of(RenewalPolicy? policy) => policy is null ? None : new RenewalChanges
    {
        DnsAccount = policy.DnsAccount,
        KeyAlgorithm = policy.KeyAlgorithm,
        KeyLength = policy.KeyLength,
        KeyOnRenewal = policy.KeyOnRenewal,
        KeystoreType = policy.KeystoreType,
        AdminContact = policy.AdminContact,
        TechnicalContact = policy.TechnicalContact,
    };

    /// <summary>The request with the changes. A key that is kept stays the key that it is.</summary>
    internal OrderRequest ApplyTo(OrderRequest request)
    {
        bool makesKey = request.PrivateKey is null && request.Csr is null;
        return request with
        {
            Account = Account ?? request.Account,
            DnsAccount = DnsAccount ?? request.DnsAccount,
            KeyAlgorithm = makesKey ? KeyAlgorithm ?? request.KeyAlgorithm : request.KeyAlgorithm,
            KeyLength = makesKey && (KeyLength is not null || KeyAlgorithm is not null) ? KeyLength : request.KeyLength,
            // A hash that fitted the old kind of key need not fit the new one.
            SignatureAlgorithm = makesKey && (KeyLength is not null || KeyAlgorithm is not null) ? null : request.SignatureAlgorithm,
            KeystoreType = KeystoreType ?? request.KeystoreType,
            AdminContact = AdminContact ?? request.AdminContact,
            TechnicalContact = TechnicalContact ?? request.TechnicalContact,
            // What only the old authority knows.
            Profile = Account is null ? request.Profile : null,
            PreferredChain = Account is null ? request.PreferredChain : null,
            Product = Account is null ? request.Product : null,
            ValidityMonths = Account is null ? request.ValidityMonths : null,
            ServerCount = Account is null ? request.ServerCount : null,
            ServerType = Account is null ? request.ServerType : null,
            ApproverEmails = Account is null ? request.ApproverEmails : [],
            Organization = Account is null ? request.Organization : null,
        };
    }
}
