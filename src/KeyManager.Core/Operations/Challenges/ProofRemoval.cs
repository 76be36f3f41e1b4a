using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Authorities;

namespace KeyManager.Operations;

/// <summary>Proofs that are being taken away while their order goes on.</summary>
/// <param name="gone">Ends with the ids of the challenges whose proof is gone; what could not be taken away is not among them.</param>
internal sealed class ProofRemoval(Task<IReadOnlyCollection<string>> gone)
{
    /// <summary>Waits for its end. After that <see cref="Unmark(CertificateOrder)"/>.</summary>
    public Task EndAsync() => gone;

    /// <summary>The order without the marks of what is gone; the same one when there are none.</summary>
    public CertificateOrder Unmark(CertificateOrder order) => order.Challenges.Any(IsGone) ? order with { Challenges = Unmark(order.Challenges) } : order;

    /// <summary>An answer about the order as it was before.</summary>
    public AuthorityOrder Unmark(AuthorityOrder answer) => answer.Challenges?.Any(IsGone) == true ? answer with { Challenges = Unmark(answer.Challenges) } : answer;

    private IReadOnlyList<Challenge> Unmark(IReadOnlyList<Challenge> challenges) =>
        [.. challenges.Select(c => IsGone(c) ? c with { PublishedBy = null, Placement = null, DeployTargets = [] } : c)];

    private bool IsGone(Challenge challenge) => challenge.PublishedBy is not null && gone.Result.Contains(challenge.Id);
}
