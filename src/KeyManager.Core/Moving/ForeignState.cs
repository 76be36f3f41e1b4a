using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Moving;

/// <summary>What another program keeps. It holds secrets in the clear until it is disposed.</summary>
public sealed class ForeignState : IDisposable
{
    /// <summary>Its accounts with authorities.</summary>
    public IReadOnlyList<ForeignAccount> Accounts { get; init; } = [];

    /// <summary>Its certificates, the newest version of each.</summary>
    public IReadOnlyList<ForeignCertificate> Certificates { get; init; } = [];

    /// <summary>What could not be read, and what people have to take over themselves.</summary>
    public IReadOnlyList<ForeignRemark> Remarks { get; init; } = [];

    /// <summary>Overwrites the secrets.</summary>
    public void Dispose()
    {
        SecretValues.Overwrite(Accounts.Select(a => a.Key));
        SecretValues.Overwrite(Certificates.Select(c => c.Data));
        SecretValues.Overwrite(Certificates.Select(c => c.Renewal?.DnsAccount).OfType<ForeignDnsAccount>().SelectMany(d => d.Secrets.Values));
    }
}
