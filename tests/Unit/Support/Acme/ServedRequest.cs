namespace KeyManager.Tests.Support.Acme;

/// <summary>A request that came, and what it got.</summary>
/// <param name="Method">GET, HEAD or POST.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Resource">What it is for.</param>
/// <param name="UserAgent">Empty when it said none.</param>
/// <param name="Status">Of the answer; 0 when the connection ended without.</param>
public sealed record ServedRequest(string Method, string Target, AcmeResource Resource, string UserAgent, int Status);
