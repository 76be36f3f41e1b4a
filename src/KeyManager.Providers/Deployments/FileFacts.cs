namespace KeyManager.Providers.Deployments;

/// <summary>What lies at a path.</summary>
/// <param name="IsFolder">True for a folder.</param>
/// <param name="IsLink">True when the path is a link to it.</param>
/// <param name="Length">Bytes of a file; 0 for a folder, and for what only looks like a file, such as a pipe.</param>
internal sealed record FileFacts(bool IsFolder, bool IsLink, long Length);
