namespace KeyManager.Moving;

/// <summary>A certificate with its key, as another program keeps it.</summary>
public sealed record ForeignCertificate
{
    /// <summary>What the program calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Certificate, chain and key in a form that Import-KmCertificate takes: PEM one after the other, or PKCS#12.</summary>
    public required byte[] Data { get; init; }

    /// <summary>Password of <see cref="Data"/>; <c>null</c> for none.</summary>
    public string? Password { get; init; }

    /// <summary>The file or folder it was read from.</summary>
    public required string Source { get; init; }

    /// <summary>How the program renews it; <c>null</c> when it does not.</summary>
    public ForeignRenewal? Renewal { get; init; }

    // A record prints its members; secrets are none to print.
    public override string ToString() => Name;
}
