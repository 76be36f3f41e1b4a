using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Challenges;

/// <summary>Looks whether the proof that a challenge asks for can be seen.</summary>
public interface IProofCheck
{
    /// <summary>What is wrong with it, in a sentence, also for kinds that cannot be looked at; <c>null</c> when it is there.</summary>
    /// <param name="challenge">The challenge.</param>
    /// <param name="resolver">DNS server to ask; <c>null</c> asks those of the zone, or of this machine.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<string?> FindProblemAsync(Challenge challenge, string? resolver, CancellationToken cancellationToken);
}
