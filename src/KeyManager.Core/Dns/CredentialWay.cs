using System.Collections.Generic;

namespace KeyManager.Dns;

/// <summary>One of the ways in which an account can show who it is.</summary>
/// <param name="Name">What to call it, for example "API token".</param>
/// <param name="Settings">The settings that it needs, all of them.</param>
public sealed record CredentialWay(string Name, IReadOnlyList<string> Settings);
