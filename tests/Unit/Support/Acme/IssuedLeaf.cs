using System;

namespace KeyManager.Tests.Support.Acme;

/// <summary>A certificate just made, with its name for renewal information (RFC 9773 §4.1).</summary>
internal sealed record IssuedLeaf(byte[] Der, string CertId, DateTimeOffset NotBefore, DateTimeOffset NotAfter);
