namespace KeyManager.Storage;

/// <summary>Which store: a path, and whether it belongs to one user or to the machine.</summary>
/// <param name="Path">Full path of the database file.</param>
/// <param name="Scope">Whose it is; decides the rights and the default protector.</param>
public sealed record StoreLocation(string Path, StoreScope Scope);
