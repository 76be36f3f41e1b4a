using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>An authority that lists the orders of an account, also those that were placed elsewhere.</summary>
public interface IOrderImportAbility
{
    /// <summary>A part of the orders.</summary>
    /// <param name="context">The account.</param>
    /// <param name="after">What the page before has named as <see cref="ForeignOrderPage.Next"/>; <c>null</c> for the first.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<ForeignOrderPage> ListAsync(AuthorityContext context, string? after, CancellationToken cancellationToken);

    /// <summary>One order by the authority's number for it.</summary>
    /// <exception cref="NotFoundException">KmOrderNotFound.</exception>
    Task<ForeignOrder> FindOrderAsync(AuthorityContext context, string authorityOrderId, CancellationToken cancellationToken);

    /// <summary>A listed order with what the list has left out (<see cref="ForeignOrder.NeedsStatus"/>), in one request.</summary>
    Task<ForeignOrder> DescribeAsync(AuthorityContext context, ForeignOrder order, CancellationToken cancellationToken);

    /// <summary>The certificate of a listed order that has one.</summary>
    Task<IssuedCertificate> DownloadAsync(AuthorityContext context, ForeignOrder order, CancellationToken cancellationToken);
}
