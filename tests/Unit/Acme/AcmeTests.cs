using System;

namespace KeyManager.Tests.Acme;

/// <summary>What the tests on the strict server have in common: a bench of their own, and that every request has kept to the rules.</summary>
public abstract class AcmeTests : IDisposable
{
    protected AcmeBench Acme { get; } = new();

    public void Dispose()
    {
        try
        {
            Acme.AssertNoViolations();
        }
        finally
        {
            Acme.Dispose();
        }

        GC.SuppressFinalize(this);
    }
}
