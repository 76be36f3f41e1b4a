#if NET
using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using KeyManager.Providers.Storage;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace KeyManager.Tests.Storage;

/// <summary>What is asked for each certificate must not cost more the more there are: counted in steps of SQLite, in a store with hundreds of everything.</summary>
public sealed class SearchCostTests : IDisposable
{
    private const int Many = 500;

    /// <summary>Looking at all of <see cref="Many"/> takes some thousands.</summary>
    private const int MostSteps = 400;

    private readonly TestStore _test = new();
    private readonly Database _database;
    private int _steps;

    public SearchCostTests()
    {
        _database = Database.Open(_test.Location.Path, TimeSpan.FromSeconds(5));
        SqliteConnection connection = (SqliteConnection)typeof(Database).GetField("_connection", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(_database)!;
        SQLitePCL.raw.sqlite3_progress_handler(connection.Handle, 1, _ => _steps++ < 0 ? 1 : 0, null);
    }

    public void Dispose()
    {
        _database.Dispose();
        _test.Dispose();
    }

    [Fact]
    public void Ended_orders_of_the_same_account_are_not_looked_at()
    {
        CertificateOrder open = Some.Order("one.example", "one.example") with { Status = OrderStatus.PendingValidation };
        _test.Store.Write(s =>
        {
            s.Orders.Add(open);
            foreach (int number in Enumerable.Range(0, Many))
            {
                s.Orders.Add(Some.Order($"many{number}.example", $"many{number}.example") with { Status = OrderStatus.Saved });
            }
        });

        OrderTable orders = new(_database);
        foreach (OrderQuery query in new[]
        {
            new OrderQuery { AccountId = open.AccountId, IsOpen = true },
            new OrderQuery { AccountId = open.AccountId, DomainName = "one.example" },
            new OrderQuery { AccountId = open.AccountId, DomainName = "one.example", IsOpen = true },
            new OrderQuery { AccountId = open.AccountId, Name = "one.example" },
        })
        {
            Assert.Equal([open.Id], Counted(() => orders.Query(query, null, 100).Items.Select(o => o.Id)));
        }
    }

    [Fact]
    public void Other_orders_that_wait_too_are_not_looked_at()
    {
        Certificate old = Some.Certificate("one.example");
        CertificateOrder one = Some.Order("one.example", "one.example") with { Status = OrderStatus.PendingValidation, AuthorityOrderId = "17", LineageId = old.LineageId, RenewsCertificateId = old.Id };
        _test.Store.Write(s =>
        {
            s.Certificates.Add(old, []);
            s.Orders.Add(one);
            foreach (int number in Enumerable.Range(0, Many))
            {
                s.Orders.Add(Some.Order($"many{number}.example", $"many{number}.example") with { Status = OrderStatus.PendingValidation });
            }
        });

        OrderTable orders = new(_database);
        OrderQuery open = new() { IsOpen = true };
        foreach (OrderQuery query in new[]
        {
            open with { DomainName = "one.example", AccountId = one.AccountId },
            open with { DomainName = "one.example" },
            open with { AuthorityOrderId = "17", AccountId = one.AccountId },
            open with { LineageId = old.LineageId },
            open with { RenewsCertificateId = old.Id },
            open with { Name = "one.example" },
            new OrderQuery { DomainName = "one.example", Status = [OrderStatus.PendingValidation] },
            new OrderQuery { Name = "one.example", Status = [OrderStatus.PendingValidation, OrderStatus.Processing] },
        })
        {
            Assert.Equal([one.Id], Counted(() => orders.Query(query, null, 100).Items.Select(o => o.Id)));
        }
    }

    [Fact]
    public void Deployments_of_other_certificates_are_not_looked_at()
    {
        _test.Store.Write(s =>
        {
            foreach (int number in Enumerable.Range(0, Many))
            {
                s.Deployments.Put(new Deployment
                {
                    Id = $"d{number}", TargetId = $"target{number % 5}", Target = "t", LineageId = $"lineage{number}", CertificateId = "c", Name = "n", SerialNumber = "00", StartedAt = Some.Moment, UpdatedAt = Some.Moment,
                });
            }
        });

        DeploymentTable deployments = new(_database);
        Assert.Equal(["d7"], Counted(() => deployments.List("target2", "lineage7", 100).Select(d => d.Id)));
        Assert.Equal(["d7"], Counted(() => deployments.List(null, "lineage7", 100).Select(d => d.Id)));
        Assert.Equal(Many / 5, deployments.List("target2", null, Many).Count);
        Assert.Equal(Many, deployments.List(null, null, Many + 1).Count);
    }

    [Fact]
    public void Versions_of_other_entries_are_not_looked_at()
    {
        List<Certificate> all = [.. Enumerable.Range(0, Many).Select(number => Some.Certificate($"many{number}.example"))];
        Certificate current = all[7] with { Id = Identifier.New(), Version = 2, IsCurrent = true, Sha256Thumbprint = new string('A', 64) };
        _test.Store.Write(s =>
        {
            foreach (Certificate certificate in all)
            {
                s.Certificates.Add(certificate with { IsCurrent = false, SavedAt = Some.Moment }, []);
            }

            s.Certificates.Add(current with { SavedAt = Some.Moment }, []);
        });

        CertificateTable certificates = new(_database, _test.Clock);
        Assert.Equal([all[7].Id], Counted(() => certificates.FindOld(current.LineageId, 1, all[7].NotAfter.AddDays(1))));
        Assert.Equal([all[7].Id], certificates.FindOld(null, 1, all[7].NotAfter.AddDays(1)));
    }

    private IReadOnlyList<string> Counted(Func<IEnumerable<string>> search)
    {
        _steps = 0;
        IReadOnlyList<string> found = [.. search()];
        Assert.InRange(_steps, 1, MostSteps);
        return found;
    }
}
#endif
