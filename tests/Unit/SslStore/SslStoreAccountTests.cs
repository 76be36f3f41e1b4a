using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Operations;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;
using KeyManager.Tests.Support.SslStore;
using Xunit;

namespace KeyManager.Tests.SslStore;

public sealed class SslStoreAccountTests : SslStoreTests
{
    [Fact]
    public async Task An_account_is_tried_out_before_it_is_kept_and_its_token_is_a_secret()
    {
        AuthorityAccount account = await Store.AddAccountAsync();
        Assert.Equal((AccountStatus.Valid, true, "12345678"), (account.Status, account.IsDefault, account.Settings["PartnerCode"]));
        Assert.Equal("health/validate", Store.Server.Calls[0]);
        Assert.DoesNotContain(SslStoreServer.Token, account.ToString() + string.Join(" ", account.Settings.Values) + account.AuthorityData, StringComparison.Ordinal);
        Assert.Contains("12345678", await Store.Services.ChangeAccount.TestAsync("store1", Store.Bench.Reporter, CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_leaves_no_account_and_names_both_systems()
    {
        CredentialException error = await RefusesAsync<CredentialException>(ErrorIds.CredentialRejected, "Authentication failure", () => Store.RegisterAsync("wrong", "sandbox-token"));
        Assert.Contains("sandbox", error.Remedy!, StringComparison.Ordinal);
        Assert.Empty(Store.Bench.Store.Read(s => s.Accounts.List()));
    }

    [Fact]
    public async Task Code_and_token_are_both_needed() => await RefusesAsync<CredentialException>(ErrorIds.CredentialRejected, "a token", () => Store.Services.RegisterAccount.RunAsync(
        "SslStore",
        new AccountRequest { Id = "a", Name = "a", Settings = new Dictionary<string, string> { ["PartnerCode"] = "1" } },
        false,
        Store.Bench.Reporter,
        CancellationToken.None));

    [Fact]
    public async Task A_new_token_takes_the_place_of_the_old_one_only_when_it_works()
    {
        AuthorityAccount account = await Store.AddAccountAsync();
        await RefusesAsync<CredentialException>(
            ErrorIds.CredentialRejected, "failure", () => Store.Services.ChangeAccount.ReplaceSecretAsync("store1", AccountRequest.AuthToken, [1, 2], Store.Bench.Reporter, CancellationToken.None));
        Assert.Equal(System.Text.Encoding.UTF8.GetBytes(SslStoreServer.Token), Store.Bench.Store.Read(s => s.Secrets.Get(SecretRef.Account(account.Id, AccountRequest.AuthToken))));
    }

    [Fact]
    public async Task It_is_not_made_twice_and_not_closed_from_here()
    {
        await Store.AddAccountAsync();
        await RefusesAsync<ConflictException>(ErrorIds.AccountAlreadyExists, "here already", () => Store.RegisterAsync("again", SslStoreServer.Token));
        await RefusesAsync<InvalidRequestException>(ErrorIds.AuthorityCannot, "closes no accounts", () => Store.Services.ChangeAccount.DeactivateAsync("store1", Store.Bench.Reporter, CancellationToken.None));
    }

    [Theory]
    [InlineData("ftp://example.com", "KmInvalidSetting")]
    [InlineData("http://example.com/rest", "KmInvalidSetting")]
    [InlineData("api.thesslstore.com", "KmInvalidSetting")]
    public async Task A_wrong_address_is_refused_before_the_token_is_sent(string url, string errorId)
    {
        InvalidRequestException error = await Assert.ThrowsAsync<InvalidRequestException>(() => Store.Services.RegisterAccount.RunAsync(
            "SslStore",
            new AccountRequest
            {
                Id = "a",
                Name = "a",
                Settings = new Dictionary<string, string> { ["PartnerCode"] = "1", ["BaseUrl"] = url },
                Secrets = new Dictionary<string, byte[]> { [AccountRequest.AuthToken] = [1] },
            },
            false,
            Store.Bench.Reporter,
            CancellationToken.None));
        Assert.Equal(errorId, error.ErrorId);
    }
}
