namespace KeyManager.Moving;

/// <summary>Something in another program's data that is not taken over as it is.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">What it is about: a certificate, a script, a file.</param>
/// <param name="Detail">What was found, in a sentence. Never a secret.</param>
/// <param name="Remedy">What to do about it; <c>null</c> for nothing.</param>
/// <param name="Source">The file or folder.</param>
/// <param name="IsProblem">True for what is broken; false for what people take over themselves.</param>
public sealed record ForeignRemark(MigrationKind Kind, string Name, string Detail, string? Remedy, string Source, bool IsProblem = false);
