using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography.X509Certificates;

namespace KeyManager.Providers.Challenges.Listening;

/// <summary>What one listener hands out, each thing with the challenge that it belongs to. May be used from several threads.</summary>
/// <remarks>
/// Two orders may publish the same path or name; the newer one is handed out, and taking one away leaves the other.
/// </remarks>
internal sealed class ListenerProofs
{
    private readonly List<(string Owner, ListenerProof Proof)> _proofs = [];

    public bool IsEmpty
    {
        get
        {
            lock (_proofs)
            {
                return _proofs.Count == 0;
            }
        }
    }

    /// <summary>Takes the place of what the owner had here.</summary>
    public void Set(string owner, ListenerProof proof)
    {
        lock (_proofs)
        {
            Remove(owner);
            _proofs.Add((owner, proof));
        }
    }

    /// <summary>False when the owner has nothing here.</summary>
    public bool Remove(string owner)
    {
        lock (_proofs)
        {
            int index = _proofs.FindIndex(p => p.Owner == owner);
            if (index < 0)
            {
                return false;
            }

            // On Windows this also takes the key out of the user's key store.
            (_proofs[index].Proof as CertificateProof)?.Certificate.Dispose();
            _proofs.RemoveAt(index);
            return true;
        }
    }

    public byte[]? FindFile(string path)
    {
        lock (_proofs)
        {
            return _proofs.Select(p => p.Proof).OfType<FileProof>().LastOrDefault(p => string.Equals(p.Path, path, StringComparison.Ordinal))?.Content;
        }
    }

    public X509Certificate2? FindCertificate(string serverName)
    {
        lock (_proofs)
        {
            return _proofs.Select(p => p.Proof).OfType<CertificateProof>().LastOrDefault(p => string.Equals(p.ServerName, serverName, StringComparison.OrdinalIgnoreCase))?.Certificate;
        }
    }
}
