using System.Collections.Generic;

namespace KeyManager.Authorities;

/// <summary>How the records that prove a name for an account are called, and whom they name.</summary>
/// <param name="RecordName">Name of the record.</param>
/// <param name="Issuers">What a dns-persist-01 record may name as issuer, the usual one first; empty for other records.</param>
/// <param name="AccountUri">What it names as account; empty for other records.</param>
public sealed record RecordNames(string RecordName, IReadOnlyList<string> Issuers, string AccountUri);
