namespace KeyManager.Moving;

/// <summary>Something in another program's data that is not taken over as it is.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">What it is about: a certificate, a script, a file.</param>
/// <param name="Detail">What was found, in a sentence. Never a secret.</param>
/// <param name="Remedy">What to do about it; <c>null</c> for nothing.</param>
/// <param name="Source">The file or folder.</param>
/// <param name="IsProblem">True for what is broken; false for what people take over themselves.</param>
public sealed record ForeignRemark(MigrationKind Kind, string Name, string Detail, string? Remedy, string Source, bool IsProblem = false)
{
    /// <summary>An account that no certificate needs is left where it is, and told of.</summary>
    /// <param name="name">What people would call it.</param>
    /// <param name="directoryUrl">Address of the authority's directory; <c>null</c> when the program does not keep it.</param>
    /// <param name="keyPath">The file with its key.</param>
    public static ForeignRemark OfUnused(string name, string? directoryUrl, string keyPath) => new(
        MigrationKind.Account,
        name,
        "No certificate needs this account; it is left where it is.",
        $"To have it here: Add-KmAccount NAME {(directoryUrl is null ? "AUTHORITY" : $"-DirectoryUrl {directoryUrl}")} -KeyPath '{keyPath}'",
        keyPath);
}
