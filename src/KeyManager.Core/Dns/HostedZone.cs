namespace KeyManager.Dns;

/// <summary>A zone that an account can change.</summary>
/// <param name="Id">How the service calls it in its requests.</param>
/// <param name="Name">Its name in lower case, as A-labels, without a final dot; empty for one that takes every name.</param>
public sealed record HostedZone(string Id, string Name);
