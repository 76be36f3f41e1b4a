using System;
using System.Threading.Tasks;
using KeyManager.Tests.Support.EmSign;
using Xunit;

namespace KeyManager.Tests.EmSign;

/// <summary>What the tests on the strict fake have in common: a bench of their own, and that every request has kept to what is documented.</summary>
public abstract class EmSignTests : IDisposable
{
    private protected EmSignBench EmSign { get; } = new();

    public void Dispose()
    {
        try
        {
            EmSign.AssertNoViolations();
        }
        finally
        {
            EmSign.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    private protected static async Task<T> RefusesAsync<T>(string errorId, string part, Func<Task> work)
        where T : KeyManagerException
    {
        T error = await Assert.ThrowsAsync<T>(work);
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(part, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.False(string.IsNullOrEmpty(error.Remedy), "an error says what to do");
        Assert.DoesNotContain(EmSignServer.AccessKey, error.ToString(), StringComparison.Ordinal);
        return error;
    }
}
