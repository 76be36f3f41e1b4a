using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Dns;

/// <summary>Orders whose proofs are published by DNS accounts: written down first, one batch for each zone, taken away whatever happens.</summary>
public sealed class DnsPublishingTests : IDisposable
{
    private readonly DnsBench _bench = new();

    public void Dispose() => _bench.Dispose();

    private IReadOnlyList<(string, string, string)> Left => [.. _bench.Provider.Zones.Names.SelectMany(_bench.Provider.Zones.All)];

    [Fact]
    public async Task Fifty_names_are_one_change_for_each_zone_and_one_to_take_them_away()
    {
        _bench.Add("a", "contoso.com,fabrikam.com");
        CertificateOrder order = await _bench.OrderAsync(null, [.. Enumerable.Range(0, 25).SelectMany(i => new[] { $"host{i}.contoso.com", $"host{i}.fabrikam.com" })]);
        Assert.Equal(OrderStatus.Saved, (await _bench.CompleteAsync(order)).Status);
        Assert.Equal(
            ["apply a contoso.com +0 -25", "apply a contoso.com +25 -0", "apply a fabrikam.com +0 -25", "apply a fabrikam.com +25 -0", "find a"],
            _bench.Provider.Calls.Order(StringComparer.Ordinal));
        Assert.Empty(Left);
    }

    [Fact]
    public async Task A_wildcard_and_its_name_are_two_values_at_one_record()
    {
        _bench.Add("a", "contoso.com");
        _bench.Provider.Zones.AddZone("contoso.com");
        _bench.Provider.Zones.Seed("_acme-challenge.contoso.com", "TXT", "of somebody else");
        IReadOnlyList<string> seen = [];
        _bench.Bench.Able.Before = call => seen = call == "Submit" ? _bench.Provider.Zones.Values("_acme-challenge.contoso.com", "TXT") : seen;
        CertificateOrder order = await _bench.OrderAsync("a", "contoso.com", "*.contoso.com");
        await _bench.CompleteAsync(order);
        Assert.Equal(["of somebody else", $"proof 0 of {order.Id}", $"proof 1 of {order.Id}"], seen);
        Assert.Equal(["of somebody else"], _bench.Provider.Zones.Values("_acme-challenge.contoso.com", "TXT"));
    }

    [Fact]
    public async Task Where_a_record_goes_is_written_down_before_it_is_written()
    {
        _bench.Add("a", "contoso.com");
        CertificateOrder order = await _bench.OrderAsync(null, "www.contoso.com");
        CertificateOrder? stored = null;
        _bench.Provider.Before = (call, _) => stored = call.Contains("+1", StringComparison.Ordinal) ? _bench.Bench.Order(order.Id) : stored;
        await _bench.CompleteAsync(order);
        Challenge challenge = stored!.Challenges.Single();
        Assert.Equal(("Dns", "a", "contoso.com", "_acme-challenge.www.contoso.com"), (challenge.PublishedBy, challenge.Placement!.DnsAccount, challenge.Placement.Zone, challenge.Placement.RecordName));
        Assert.All(_bench.Bench.Order(order.Id).Challenges, c => Assert.Null(c.Placement));
    }

    [Fact]
    public async Task What_a_failed_publication_may_have_left_is_taken_away()
    {
        _bench.Add("a", "contoso.com");
        CertificateOrder order = await _bench.OrderAsync(null, "www.contoso.com", "mail.contoso.com");
        bool once = true;
        _bench.Provider.After = () =>
        {
            if (once)
            {
                once = false;
                throw new TransportException(ErrorIds.DnsUnreachable, "The connection broke.");
            }
        };
        Assert.Equal(ErrorIds.DnsUnreachable, (await Assert.ThrowsAsync<TransportException>(() => _bench.CompleteAsync(order))).ErrorId);
        Assert.Empty(Left);
        Assert.Equal(OrderStatus.PendingValidation, _bench.Bench.Order(order.Id).Status);
        Assert.Equal(OrderStatus.Saved, (await _bench.CompleteAsync(_bench.Bench.Order(order.Id))).Status);
        Assert.Empty(Left);
    }

    [Fact]
    public async Task What_cannot_be_taken_away_is_taken_away_by_the_next_order()
    {
        _bench.Add("a", "contoso.com");
        CertificateOrder first = await _bench.OrderAsync(null, "www.contoso.com");
        _bench.Provider.Before = (call, _) =>
        {
            if (call.EndsWith("-1", StringComparison.Ordinal))
            {
                throw new TransportException(ErrorIds.DnsUnreachable, "Nobody there.");
            }
        };
        await _bench.CompleteAsync(first);
        Assert.Single(Left);
        Assert.Contains("could not be taken away", Assert.Single(_bench.Bench.Reporter.Warnings), StringComparison.Ordinal);
        Assert.NotNull(_bench.Bench.Order(first.Id).Challenges.Single().Placement);

        // More than are looked through at once are being worked on by others meanwhile.
        Challenge challenge = _bench.Bench.Order(first.Id).Challenges.Single();
        StoreExtensions.Write(_bench.Bench.Store, session =>
        {
            for (int i = 0; i < 120; i++)
            {
                CertificateOrder other = Some.Order() with { Status = OrderStatus.PendingValidation, CreatedAt = first.CreatedAt.AddMinutes(1) };
                session.Orders.Add(other with { Challenges = [challenge with { OrderId = other.Id, PublishedBy = "WebRoot", Placement = null }] });
            }
        });

        // Switched off in between: what it has published it still takes away.
        _bench.Provider.Before = null;
        _bench.Accounts.SetEnabled("a", enabled: false);
        _bench.Add("b", "fabrikam.com");
        await _bench.CompleteAsync(await _bench.OrderAsync("b", "www.fabrikam.com"));
        Assert.Empty(Left);
        Assert.Null(_bench.Bench.Order(first.Id).Challenges.Single().PublishedBy);
    }

    [Fact]
    public async Task A_cancelled_order_leaves_nothing_behind()
    {
        _bench.Add("a", "contoso.com");
        CertificateOrder order = await _bench.OrderAsync(null, "www.contoso.com");
        using CancellationTokenSource source = new();
        _bench.Provider.After = source.Cancel;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bench.CompleteAsync(order, source.Token));
        Assert.Empty(Left);
    }

    [Fact]
    public async Task An_account_that_is_needed_is_not_removed_unless_forced_and_then_the_record_is_told()
    {
        _bench.Add("a", "contoso.com");
        CertificateOrder order = await _bench.OrderAsync(null, "www.contoso.com");
        await _bench.Bench.Services.Challenges.PublishAsync(order.Id, new CompleteOrderOptions { Resolver = "None" }, _bench.Bench.Reporter, CancellationToken.None);
        ConflictException error = Assert.Throws<ConflictException>(() => _bench.Accounts.Remove("a", evenInUse: false));
        Assert.Equal(ErrorIds.DnsAccountInUse, error.ErrorId);
        _bench.Accounts.Remove("a", evenInUse: true);
        await _bench.Bench.Services.Challenges.UnpublishAsync(order.Id, null, _bench.Bench.Reporter);
        Assert.Contains("_acme-challenge.www.contoso.com TXT proof 0", Assert.Single(_bench.Bench.Reporter.Warnings), StringComparison.Ordinal);
        Assert.Null(_bench.Bench.Order(order.Id).Challenges.Single().PublishedBy);
    }

    [Fact]
    public async Task A_renewal_uses_the_account_of_its_order()
    {
        _bench.Add("a", "contoso.com");
        _bench.Add("b", "contoso.com");
        Certificate certificate = _bench.Bench.Certificate((await _bench.CompleteAsync(await _bench.OrderAsync("b", "www.contoso.com"))).CertificateId!);
        _bench.Provider.Calls.Clear();
        await _bench.Bench.Services.RenewCertificate.RunAsync(certificate.Id, new CompleteOrderOptions { Resolver = "None" }, _bench.Bench.Reporter, CancellationToken.None);
        Assert.All(_bench.Provider.Calls, c => Assert.Contains(" b", c, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_order_with_an_account_that_cannot_be_used_is_refused_before_anything_is_stored()
    {
        _bench.Add("a", "contoso.com");
        _bench.Accounts.SetEnabled("a", enabled: false);
        Assert.Equal(ErrorIds.DnsAccountDisabled, (await Assert.ThrowsAsync<ConflictException>(() => _bench.OrderAsync("a", "www.contoso.com"))).ErrorId);
        Assert.Equal(ErrorIds.DnsAccountNotFound, (await Assert.ThrowsAsync<NotFoundException>(() => _bench.OrderAsync("none", "www.contoso.com"))).ErrorId);
        Assert.Empty(_bench.Bench.Orders());
        Assert.DoesNotContain("Place", _bench.Bench.Able.Calls);
    }

    [Fact]
    public async Task The_secrets_of_an_account_reach_its_service_and_no_one_else()
    {
        _bench.Add("a", "contoso.com");
        List<string?> tokens = [];
        _bench.Provider.Before = (_, context) => tokens.Add(context.GetSecretText("ApiToken"));
        await _bench.CompleteAsync(await _bench.OrderAsync("a", "www.contoso.com"));
        Assert.All(tokens, t => Assert.Equal("token of a", t));
        Assert.DoesNotContain("token of a", _bench.Accounts.Resolve("a").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(_bench.Bench.Reporter.Steps, s => s.Contains("token of a", StringComparison.Ordinal));
    }
}
