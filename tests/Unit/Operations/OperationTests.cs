using System;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Providers.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

/// <summary>What the tests of the operations have in common: a bench of their own, and what every error owes its reader.</summary>
public abstract class OperationTests : IDisposable
{
    protected TestBench Bench { get; } = new();

    public void Dispose()
    {
        Bench.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static DomainName[] Names(params string[] names) => [.. names.Select(DomainName.Parse)];

    protected static OrderRequest Request(params string[] names) => new() { DomainNames = Names(names) };

    /// <summary>It fails as it should: the id, a message that names the thing, and a remedy.</summary>
    protected static async Task<T> FailsAsync<T>(string errorId, string named, Func<Task> act)
        where T : KeyManagerException => Explains(await Assert.ThrowsAsync<T>(act), errorId, named);

    protected static T Fails<T>(string errorId, string named, Action act)
        where T : KeyManagerException => Explains(Assert.Throws<T>(act), errorId, named);

    /// <summary>It fails, and the store is as it was.</summary>
    protected async Task<T> RefusesAsync<T>(string errorId, string named, Func<Task> act)
        where T : KeyManagerException
    {
        string before = Contents();
        T error = await FailsAsync<T>(errorId, named, act);
        Assert.Equal(before, Contents());
        return error;
    }

    protected T Refuses<T>(string errorId, string named, Action act)
        where T : KeyManagerException
    {
        string before = Contents();
        T error = Fails<T>(errorId, named, act);
        Assert.Equal(before, Contents());
        return error;
    }

    /// <summary>How much there is of everything that an operation could have left.</summary>
    protected string Contents() => string.Join(", ", new[] { "orders", "certificates", "lineages", "private_keys", "csrs", "accounts", "settings", "secrets", "audit_log" }
        .Select(table => $"{table} {Bench.Test.Store.ReadDatabase(d => d.Number($"SELECT COUNT(*) FROM {table}"))}"));

    protected int Count(string table) => (int)Bench.Test.Store.ReadDatabase(d => d.Number($"SELECT COUNT(*) FROM {table}"));

    protected bool WasAudited(string action, string subjectId) => Bench.Audit().Any(a => a.Action == action && a.SubjectId == subjectId);

    private static T Explains<T>(T error, string errorId, string named)
        where T : KeyManagerException
    {
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(error.Remedy), error.Message);
        return error;
    }
}
