using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Hosting;

namespace KeyManager.Operations;

/// <summary>Proof of control by e-mail: who may approve, the mail once more, another address.</summary>
public sealed class ManageApprovers(KeyManagerPorts ports)
{
    /// <summary>The addresses that the authority accepts for a name.</summary>
    /// <exception cref="InvalidRequestException">KmAuthorityCannot.</exception>
    public async Task<IReadOnlyList<ApproverEmail>> ListAsync(string? account, string? product, DomainName name, IReporter reporter, CancellationToken cancellationToken)
    {
        AuthorityAccount owner = ports.Store.Read(session => Lookup.UsableAccount(session, account));
        IApproverEmailAbility ability = ports.Authorities.Require<IApproverEmailAbility>(ports.Authorities.Get(owner.Authority), "prove control by e-mail");
        string code = product is null
            ? throw new InvalidRequestException(ErrorIds.InvalidParameter, $"Who may approve depends on the product.") { Target = name.Ascii, Remedy = "Name it with -Product; or -Constructed for the five addresses that are allowed everywhere." }
            : ports.Store.Read(session => ChooseProduct.From(session.Products.List(owner.Id), new OrderRequest { Product = product }, [name], owner)).Code;
        return await ability.GetApproversAsync(Lookup.Context(ports.Store, owner, reporter), code, name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Has the mail of each open name of the order sent again, to other addresses where they are given.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="name">Only of this name; <c>null</c> for all that are not proved.</param>
    /// <param name="address">The new address; <c>null</c> leaves it.</param>
    /// <param name="reporter">For steps.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ConflictException">KmOrderStateInvalid: no mail is awaited.</exception>
    public async Task<CertificateOrder> SendAsync(string orderId, DomainName? name, string? address, IReporter reporter, CancellationToken cancellationToken)
    {
        using Lease lease = Lease.OnOrder(ports, ports.Store.Read(session => Lookup.Order(session, orderId)));
        CertificateOrder order = ports.Store.Read(session => Lookup.Order(session, orderId));
        ICertificateAuthority authority = ports.Authorities.Get(order.Authority);
        IApproverEmailAbility ability = ports.Authorities.Require<IApproverEmailAbility>(authority, "prove control by e-mail");
        List<Challenge> open = [.. order.Challenges.Where(c => c.Type == ChallengeType.Email && c.Status != ChallengeStatus.Valid && (name is null || c.DomainName.BaseName == name.Value.BaseName))];
        if (order.Status != OrderStatus.PendingValidation || open.Count == 0)
        {
            throw new ConflictException(ConflictKind.State, ErrorIds.OrderStateInvalid, $"Order {order} waits for no mail{(name is null ? "" : $" for {name}")}: its state is {order.Status}.")
            {
                Target = order.Id,
                Remedy = "Get-KmChallenge shows what it waits for.",
            };
        }

        AuthorityContext context = Lookup.Context(ports.Store, ports.Store.Read(session => Lookup.UsableAccount(session, order.AccountId)), reporter);
        foreach (Challenge challenge in open)
        {
            if (address is null)
            {
                await ability.ResendAsync(context, order, challenge, cancellationToken).ConfigureAwait(false);
                reporter.Verbose($"The mail for {challenge.DomainName} goes to {challenge.Location} again.");
                continue;
            }

            await RequireOfferedAsync(ability, context, order.Product, challenge.DomainName, address, cancellationToken).ConfigureAwait(false);
            await ability.ChangeApproverAsync(context, order, challenge, address, cancellationToken).ConfigureAwait(false);
            order = ports.Store.Write(session =>
            {
                CertificateOrder changed = Lookup.Order(session, orderId);
                changed = changed with { Challenges = [.. changed.Challenges.Select(c => c.Id == challenge.Id ? c with { Location = address } : c)], UpdatedAt = ports.Clock.UtcNow };
                session.Orders.Update(changed);
                session.Audit.Append(new Storage.AuditEntry("Challenge", "ApproverChanged", order.Id, order.Name, $"{challenge.DomainName}: {address}"));
                return changed;
            });
        }

        return order;
    }

    /// <summary>Refuses an order whose approvers the authority would not accept, before it is paid for.</summary>
    /// <exception cref="InvalidRequestException">KmApproverNotOffered.</exception>
    internal async Task CheckAsync(ICertificateAuthority authority, AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken)
    {
        if (order.ChallengeType != ChallengeType.Email || authority is not IApproverEmailAbility ability)
        {
            return;
        }

        for (int i = 0; i < order.DomainNames.Count; i++)
        {
            string address = order.ApproverEmails[order.ApproverEmails.Count == 1 ? 0 : i];
            await RequireOfferedAsync(ability, context, order.Product, order.DomainNames[i], address, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task RequireOfferedAsync(
        IApproverEmailAbility ability, AuthorityContext context, string? product, DomainName name, string address, CancellationToken cancellationToken)
    {
        IReadOnlyList<ApproverEmail> offered = await ability.GetApproversAsync(context, product ?? "", name, cancellationToken).ConfigureAwait(false);
        if (!offered.Any(a => string.Equals(a.Address, address, StringComparison.OrdinalIgnoreCase)))
        {
            throw new InvalidRequestException(ErrorIds.ApproverNotOffered, $"'{address}' may not approve a certificate for {name}.")
            {
                Target = address,
                Remedy = offered.Count == 0 ? "Prove control by a DNS record or a file." : $"Use one of {string.Join(", ", offered.Select(a => a.Address))}.",
            };
        }
    }
}
