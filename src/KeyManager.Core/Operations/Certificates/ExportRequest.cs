namespace KeyManager.Operations;

/// <summary>How and where to export a certificate.</summary>
public sealed record ExportRequest
{
    /// <summary>Full path: a folder, or for a form that is one file also that file.</summary>
    public required string Path { get; init; }

    /// <summary>True when <see cref="Path"/> names a folder, made when it does not exist.</summary>
    public bool PathIsFolder { get; init; }

    /// <summary>The form; <c>null</c> takes the keystore type of the certificate.</summary>
    public ExportFormat? Format { get; init; }

    /// <summary>File name without extension for files in a folder; <c>null</c> takes the entry's name, with '_' for '*'.</summary>
    public string? FileName { get; init; }

    /// <summary>Password of the keystore, or of the PEM key; <c>null</c> takes the one stored with the entry (keystores only).</summary>
    public string? Password { get; init; }

    /// <summary>Leave the private key out.</summary>
    public bool WithoutKey { get; init; }

    /// <summary>Leave the root out of the chain; servers need not send it.</summary>
    public bool WithoutRoot { get; init; } = true;

    /// <summary>For PKCS#12.</summary>
    public Pkcs12Protection Pkcs12Protection { get; init; }

    /// <summary>Replace files that exist.</summary>
    public bool Overwrite { get; init; }

    // A record prints its members; a password is none to print.
    public override string ToString() => $"export to {Path}";
}
