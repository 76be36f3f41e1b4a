using KeyManager.Bench;
using KeyManager.Bench.Acme;

namespace KeyManager.Tests.Support;

/// <summary>What the unit tests' Pebble asks for its programs; here a missing one ends the measurement instead of skipping a test.</summary>
internal static class Peers
{
    public static void Require(string program, string package)
    {
        if (!Programs.IsHere(program))
        {
            throw new MissingProgramException(program, package);
        }
    }
}
