using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>An authority that proves control of a name by a mail to somebody responsible for it.</summary>
public interface IApproverEmailAbility
{
    /// <summary>The addresses that may approve an order of the product for the name.</summary>
    Task<IReadOnlyList<ApproverEmail>> GetApproversAsync(AuthorityContext context, string productCode, DomainName name, CancellationToken cancellationToken);

    /// <summary>Has the mail sent again to the address that the challenge names.</summary>
    Task ResendAsync(AuthorityContext context, CertificateOrder order, Challenge challenge, CancellationToken cancellationToken);

    /// <summary>Has the mail sent to another address from now on.</summary>
    Task ChangeApproverAsync(AuthorityContext context, CertificateOrder order, Challenge challenge, string address, CancellationToken cancellationToken);
}
