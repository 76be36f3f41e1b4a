using System.Collections.Generic;

namespace KeyManager.Authorities;

/// <summary>An authority of one's own, whose root has to be given to clients before they trust its certificates.</summary>
public interface ITrustAnchorAbility
{
    /// <summary>The root, then the certificates below it that sign, newest first; DER.</summary>
    IReadOnlyList<byte[]> GetCertificates(AuthorityContext context);
}
