using System.Diagnostics;

namespace KeyManager.Tests;

/// <summary>Arguments one by one, quoted as Mono and the C runtime take command lines apart.</summary>
internal readonly struct ArgumentList(ProcessStartInfo start)
{
    public void Add(string argument) => start.Arguments += (start.Arguments.Length == 0 ? "\"" : " \"") + argument.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";
}
