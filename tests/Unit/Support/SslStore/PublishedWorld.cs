using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace KeyManager.Tests.Support.SslStore;

/// <summary>A world in which everything can be seen that a fake solver has published.</summary>
internal sealed class PublishedWorld(FakeSolver solver) : IProofWorld
{
    public byte[]? Fetch(string url) => Find(url, c => c.Type.IsFile()).Select(Encoding.ASCII.GetBytes).FirstOrDefault();

    public string? Alias(string name) => Find(name, c => c.Type == ChallengeType.DnsCname).FirstOrDefault();

    public IReadOnlyList<string> Texts(string name) => [.. Find(name, c => c.Type == ChallengeType.DnsTxt)];

    private List<string> Find(string place, Func<Challenge, bool> kind)
    {
        lock (solver.Published)
        {
            return [.. solver.Published.Where(c => kind(c) && string.Equals(c.Location, place, StringComparison.OrdinalIgnoreCase)).Select(c => c.Value!)];
        }
    }
}
