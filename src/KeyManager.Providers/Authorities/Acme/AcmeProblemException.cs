using System;
using KeyManager.Providers.Authorities.Acme.Protocol;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Authorities.Acme;

/// <summary>A refusal that the caller may know what to do about; never leaves the adapter, whose callers get <see cref="Explained"/>.</summary>
internal sealed class AcmeProblemException(HttpAnswer answer, ProblemDocument? problem, KeyManagerException explained) : Exception(explained.Message)
{
    public HttpAnswer Answer { get; } = answer;

    /// <summary>The type of the problem; empty when the answer was none.</summary>
    public string Type { get; } = problem?.Type ?? "";

    public KeyManagerException Explained { get; } = explained;
}
