using System.Collections.Generic;

namespace KeyManager.Operations;

/// <summary>The authority that another program has an account with, in our terms.</summary>
/// <param name="Name">As Get-KmAuthority shows it.</param>
/// <param name="Environment">Which of its systems.</param>
/// <param name="Settings">Settings of the account.</param>
internal sealed record ForeignAuthority(string Name, AuthorityEnvironment Environment, IReadOnlyDictionary<string, string> Settings);
