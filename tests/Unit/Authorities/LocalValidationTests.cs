using System;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Authorities;

/// <summary>How a private authority has control of names proved.</summary>
public sealed class LocalValidationTests : IDisposable
{
    private readonly TestBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(ChallengeType.Http01)]
    [InlineData(ChallengeType.Dns01)]
    public async Task The_right_value_at_the_right_place_is_proof(ChallengeType type)
    {
        await _bench.AddAccountAsync("private", ("Validation", "Any"));
        CertificateOrder order = await _bench.PlaceAsync(Request(type, "www.contoso.com", "contoso.com"));
        Assert.Equal(OrderStatus.PendingValidation, order.Status);
        Assert.Equal(4, order.Challenges.Count); // two ways for each of two names

        CertificateOrder done = await _bench.CompleteAsync(order);
        Assert.Equal(OrderStatus.Saved, done.Status);
        Assert.Equal(2, done.Challenges.Count(c => c.Status == ChallengeStatus.Valid));
        Assert.All(done.Challenges.Where(c => c.Status == ChallengeStatus.Valid), c => Assert.Equal(type, c.Type));
        Assert.Empty(_bench.Solver.Published);
    }

    [Fact]
    public async Task A_file_is_looked_for_where_RFC_8555_says()
    {
        await _bench.AddAccountAsync("private", ("Validation", "Http01"));
        CertificateOrder order = await _bench.PlaceAsync("www.contoso.com", "2001:db8::1");
        Challenge name = order.Challenges.Single(c => c.DomainName.Ascii == "www.contoso.com");
        Challenge address = order.Challenges.Single(c => c.DomainName.Kind == DomainNameKind.IpAddress);
        Assert.Equal("http://www.contoso.com/.well-known/acme-challenge/" + name.Token, name.Location);
        Assert.Equal("http://[2001:db8::1]/.well-known/acme-challenge/" + address.Token, address.Location);
        Assert.StartsWith(name.Token + ".", name.Value, StringComparison.Ordinal);
        Assert.True(name.Token!.Length >= 22, "128 bits of token");
    }

    [Fact]
    public async Task A_wrong_file_fails_the_order_and_says_what_was_found()
    {
        await _bench.AddAccountAsync("private", ("Validation", "Http01"));
        CertificateOrder order = await _bench.PlaceAsync("www.contoso.com");
        _bench.Probe.Files[order.Challenges[0].Location!] = "something else";
        ChallengeException e = await Assert.ThrowsAsync<ChallengeException>(() => CompletePublishedAsync(order));
        CertificateOrder failed = _bench.Order(order.Id);
        Assert.Equal(ErrorIds.ChallengeFailed, e.ErrorId);
        Assert.Contains("'something else'", e.Message, StringComparison.Ordinal);
        Assert.Equal(OrderStatus.Failed, failed.Status);
        Assert.Contains("'something else'", failed.ErrorDetail, StringComparison.Ordinal);
        Assert.Equal(ChallengeStatus.Invalid, failed.Challenges[0].Status);
    }

    [Fact]
    public async Task A_way_of_proof_is_refused_where_nothing_is_checked_but_a_renewal_goes_on()
    {
        await _bench.AddAccountAsync("private", ("Validation", "Any"));
        Certificate proved = await _bench.GetCertificateAsync(Request(ChallengeType.Http01, "www.contoso.com"));
        await _bench.Services.ChangeAccount.UpdateAsync(
            "private", null, null, new System.Collections.Generic.Dictionary<string, string> { ["Validation"] = "None" }, false, _bench.Reporter, System.Threading.CancellationToken.None);

        InvalidRequestException e = await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.PlaceAsync(Request(ChallengeType.Http01, "contoso.com")));
        Assert.Equal(ErrorIds.AuthorityCannot, e.ErrorId);
        Assert.Contains("Validation is None", e.Message, StringComparison.Ordinal);

        Assert.Equal(OrderStatus.Saved, (await _bench.RenewAsync(proved)).Status);
    }

    [Fact]
    public async Task A_missing_file_fails_the_order_with_what_the_server_said()
    {
        await _bench.AddAccountAsync("private", ("Validation", "Http01"));
        CertificateOrder order = await _bench.PlaceAsync("www.contoso.com");
        await Assert.ThrowsAsync<ChallengeException>(() => CompletePublishedAsync(order));
        Assert.Contains("status 404", _bench.Order(order.Id).ErrorDetail, StringComparison.Ordinal);
        ConflictException again = await Assert.ThrowsAsync<ConflictException>(() => _bench.CompleteAsync(order));
        Assert.Equal(ErrorIds.OrderStateInvalid, again.ErrorId);
    }

    [Theory]
    [InlineData(null, "There is no TXT record at _acme-challenge.contoso.com.")]
    [InlineData("old value", "'old value', none of them the value")]
    public async Task A_missing_or_other_record_fails_the_order(string? found, string detail)
    {
        await _bench.AddAccountAsync("private", ("Validation", "Dns01"));
        CertificateOrder order = await _bench.PlaceAsync("*.contoso.com");
        if (found is not null)
        {
            _bench.Probe.TextRecords[order.Challenges[0].Location!] = [found];
        }

        await Assert.ThrowsAsync<ChallengeException>(() => CompletePublishedAsync(order));
        Assert.Contains(detail, _bench.Order(order.Id).ErrorDetail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wildcard_and_its_plain_name_are_proved_apart_with_two_values_at_one_name()
    {
        await _bench.AddAccountAsync("private", ("Validation", "Dns01"));
        CertificateOrder order = await _bench.PlaceAsync("contoso.com", "*.contoso.com");
        Assert.Equal(2, order.Challenges.Count);
        Assert.Single(order.Challenges.Select(c => c.Location).Distinct());
        Assert.Equal(2, order.Challenges.Select(c => c.Value).Distinct().Count());

        _bench.Probe.Publish(order.Challenges[0]);
        await Assert.ThrowsAsync<ChallengeException>(() => CompletePublishedAsync(order));

        CertificateOrder second = await _bench.PlaceAsync("contoso.com", "*.contoso.com");
        Assert.NotEqual(order.Id, second.Id);
        Assert.Equal(OrderStatus.Saved, (await _bench.CompleteAsync(second)).Status);
        Assert.Equal(2, _bench.Solver.Presented);
    }

    [Theory]
    [InlineData("Http01", "*.contoso.com", "A wildcard needs dns-01")]
    [InlineData("Dns01", "192.0.2.7", "An address needs http-01")]
    public async Task What_cannot_be_proved_is_refused_before_anything_is_stored(string validation, string name, string remedy)
    {
        await _bench.AddAccountAsync("private", ("Validation", validation));
        InvalidRequestException e = await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.PlaceAsync(name));
        Assert.Contains(remedy, e.Remedy, StringComparison.Ordinal);
        Assert.Empty(_bench.Orders());
    }

    [Fact]
    public async Task With_any_validation_a_wildcard_is_offered_dns_only()
    {
        await _bench.AddAccountAsync("private", ("Validation", "Any"));
        CertificateOrder order = await _bench.PlaceAsync("*.contoso.com");
        Assert.Equal(ChallengeType.Dns01, Assert.Single(order.Challenges).Type);
    }

    private static OrderRequest Request(ChallengeType type, params string[] names) => new() { DomainNames = [.. names.Select(DomainName.Parse)], ChallengeType = type };

    private Task<CertificateOrder> CompletePublishedAsync(CertificateOrder order) =>
        _bench.Services.CompleteOrder.RunAsync(order.Id, new CompleteOrderOptions { AlreadyPublished = true }, _bench.Reporter, default);
}
