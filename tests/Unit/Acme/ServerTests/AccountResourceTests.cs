using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Acme.ServerTests;

public sealed class AccountResourceTests
{
    private const string Agreed = "\"termsOfServiceAgreed\":true";

    [Theory]
    [InlineData("P-256")]
    [InlineData("P-384")]
    [InlineData("P-521")]
    [InlineData("RSA")]
    [InlineData("Ed25519")]
    public void Every_kind_of_key_registers_and_is_known_again(string kind)
    {
        using StrictAcmeServer server = new() { Policy = { AllowsEd25519Accounts = true } };
        using RawAcmeClient client = new(server.Directory, kind == "RSA" ? RawKey.Rsa() : kind == "Ed25519" ? RawKey.Ed25519() : RawKey.Ec(kind));

        RawReply first = client.Register(Agreed + ",\"contact\":[\"mailto:admin@contoso.com\"]");
        RawReply again = client.Register("\"onlyReturnExisting\":true");

        Assert.Equal((201, 200), (first.Status, again.Status));
        Assert.Equal(first.Location, again.Location);
        Assert.Equal(client.Key.Thumbprint, Assert.Single(server.Accounts).KeyThumbprint);
        Assert.Equal(["mailto:admin@contoso.com"], client.Read(first.Location).Texts("contact"));
        Assert.Empty(server.Violations);
    }

    [Fact]
    public void Registration_is_refused_without_being_a_violation()
    {
        using StrictAcmeServer server = new();
        using RawAcmeClient client = new(server.Directory);

        Assert.Equal("accountDoesNotExist", client.Register("\"onlyReturnExisting\":true").Problem);
        RawReply terms = client.Register("\"contact\":[]");
        Assert.Equal("userActionRequired", terms.Problem);
        Assert.Equal("https://ca.example/terms/1.pdf", terms.Link("terms-of-service"));
        Assert.Equal("invalidContact", client.Register(Agreed + ",\"contact\":[\"mailto:a@b.example?subject=x\"]").Problem);
        Assert.Equal("invalidContact", client.Register(Agreed + ",\"contact\":[\"mailto:nobody\"]").Problem);
        Assert.Equal("unsupportedContact", client.Register(Agreed + ",\"contact\":[\"tel:+123\"]").Problem);
        Assert.Empty(server.Violations);
        Assert.Empty(server.Accounts);
    }

    [Fact]
    public void An_account_is_changed_and_put_out_of_use()
    {
        using StrictAcmeServer server = new();
        using RawAcmeClient client = new(server.Directory);
        client.Register();
        string account = client.Account!;

        Assert.Equal(["mailto:new@contoso.com"], client.Post(account, "{\"contact\":[\"mailto:new@contoso.com\"]}").Texts("contact"));
        Assert.Equal("malformed", client.Post(account, "{\"key\":1}").Problem);
        Assert.Equal("malformed", client.Post(account, "{\"status\":\"valid\"}").Problem);
        Assert.Equal(2, server.Violations.Count);
        Assert.Equal("deactivated", client.Post(account, "{\"status\":\"deactivated\"}").Text("status"));
        Assert.Equal("unauthorized", client.Read(account).Problem);
        Assert.Equal("unauthorized", client.Register().Problem);
    }

    [Fact]
    public void Nobody_sees_what_belongs_to_another()
    {
        using StrictAcmeServer server = new();
        using RawAcmeClient client = new(server.Directory);
        client.Register();
        RawReply order = client.Post(client.Url("newOrder"), "{" + RawAcmeClient.Identifiers("a.example") + "}");
        using RawAcmeClient other = new(server.Directory);
        other.Register();

        Assert.All([client.Account!, order.Location, order.Texts("authorizations")[0]], url => Assert.Equal((403, "unauthorized"), (other.Read(url).Status, other.Read(url).Problem)));
    }

    [Fact]
    public void The_list_of_orders_has_pages()
    {
        using StrictAcmeServer server = new();
        using RawAcmeClient client = new(server.Directory);
        string list = client.Register().Text("orders");
        List<string> placed = [.. Enumerable.Range(0, 7).Select(i => client.Post(client.Url("newOrder"), "{" + RawAcmeClient.Identifiers($"h{i}.example") + "}").Location)];

        List<string> listed = [];
        int pages = 0;
        for (string page = list; page.Length > 0; pages++)
        {
            RawReply reply = client.Read(page);
            listed.AddRange(reply.Texts("orders"));
            page = reply.Link("next");
        }

        Assert.Equal(placed, listed);
        Assert.Equal(3, pages);
        Assert.Empty(server.Violations);
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public void An_external_account_is_bound(string algorithm)
    {
        using StrictAcmeServer server = WithExternalAccount();
        using RawAcmeClient client = new(server.Directory);

        Assert.Equal("externalAccountRequired", client.Register().Problem);
        Assert.Equal(201, client.Register(Agreed + "," + Binding(client, Mac, algorithm)).Status);
        Assert.Equal("kid-1", server.Accounts[0].ExternalAccount);
        Assert.Empty(server.Violations);
    }

    [Fact]
    public void A_binding_is_checked_to_the_letter()
    {
        using StrictAcmeServer server = WithExternalAccount();
        using RawAcmeClient client = new(server.Directory);
        string Try(string binding) => client.Register(Agreed + "," + binding).Problem;

        Assert.Equal("unauthorized", Try(Binding(client, [1, 2, 3], "HS256")));
        Assert.Equal("unauthorized", Try(Binding(client, Mac, "HS256", draft => draft.Header["kid"] = "\"kid-2\"")));
        Assert.Empty(server.Violations);
        Assert.Equal("malformed", Try(Binding(client, Mac, "HS256", draft => draft.Header["nonce"] = "\"abcd\"")));
        Assert.Equal("malformed", Try(Binding(client, Mac, "HS256", draft => draft.Header["url"] = "\"http://127.0.0.1/\"")));
        Assert.Equal("malformed", Try(Binding(client, Mac, "HS256", draft => draft.Payload = RawKey.Ec().Jwk)));
        Assert.Equal("malformed", Try(Binding(client, Mac, "HS256", draft => draft.Payload = "")));
        Assert.Equal("badSignatureAlgorithm", Try(Binding(client, Mac, "HS256", draft => draft.Header["alg"] = "\"ES256\"")));
        Assert.Equal(5, server.Violations.Count);
    }

    [Fact]
    public void A_key_is_changed()
    {
        using StrictAcmeServer server = new();
        using RawAcmeClient client = new(server.Directory);
        client.Register();
        RawKey next = RawKey.Rsa();

        Assert.Equal(200, ChangeKey(client, next).Status);

        Assert.Equal("malformed", client.Read(client.Account!).Problem);
        client.Key = next;
        Assert.Equal(200, client.Read(client.Account!).Status);
        Assert.Equal(1, server.Accounts[0].KeyChanges);
    }

    [Fact]
    public void A_key_in_use_names_its_account()
    {
        using StrictAcmeServer server = new();
        using RawAcmeClient client = new(server.Directory);
        client.Register();
        using RawAcmeClient other = new(server.Directory);
        other.Register();

        RawReply reply = ChangeKey(client, other.Key);

        Assert.Equal((409, other.Account), (reply.Status, reply.Location));
        Assert.Empty(server.Violations);
    }

    [Fact]
    public void A_change_of_key_is_checked_to_the_letter()
    {
        using StrictAcmeServer server = new();
        using RawAcmeClient client = new(server.Directory);
        client.Register();
        Action<RawDraft>[] wrong =
        [
            draft => draft.Header["nonce"] = "\"abcd\"",
            draft => draft.Header["kid"] = $"\"{client.Account}\"",
            draft => draft.Header["url"] = $"\"{client.Account}\"",
            draft => draft.Header.Remove("jwk"),
            draft => draft.Payload = draft.Payload.Replace("\"account\":\"http", "\"account\":\"https"),
            draft => draft.Payload = draft.Payload.Replace(client.Key.Jwk, RawKey.Ec().Jwk),
            draft => draft.Payload = draft.Payload.Replace("\"oldKey\"", "\"newKey\":1,\"oldKey\""),
            draft => draft.Signature = octets => [.. octets.Skip(1), octets[0]],
        ];

        Assert.All(wrong, spoil => Assert.Equal("malformed", ChangeKey(client, RawKey.Ec(), spoil).Problem));
        Assert.Equal(wrong.Length, server.Violations.Count);
        Assert.Equal(0, server.Accounts[0].KeyChanges);
    }

    private static byte[] Mac => [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private static StrictAcmeServer WithExternalAccount()
    {
        StrictAcmeServer server = new() { Policy = { RequiresExternalAccount = true } };
        server.Policy.ExternalAccounts["kid-1"] = Mac;
        return server;
    }

    private static string Binding(RawAcmeClient client, byte[] key, string algorithm, Action<RawDraft>? spoil = null)
    {
        using HMAC mac = algorithm switch { "HS256" => new HMACSHA256(key), "HS384" => new HMACSHA384(key), _ => new HMACSHA512(key) };
        RawDraft draft = new() { Payload = client.Key.Jwk };
        draft.Header["alg"] = $"\"{algorithm}\"";
        draft.Header["kid"] = "\"kid-1\"";
        draft.Header["url"] = $"\"{client.Url("newAccount")}\"";
        spoil?.Invoke(draft);
        return "\"externalAccountBinding\":" + RawAcmeClient.Sign(draft, new RawKey(algorithm, "", mac.ComputeHash));
    }

    private static RawReply ChangeKey(RawAcmeClient client, RawKey next, Action<RawDraft>? spoil = null)
    {
        RawDraft inner = new() { Payload = $$"""{"account":"{{client.Account}}","oldKey":{{client.Key.Jwk}}}""" };
        inner.Header["alg"] = $"\"{next.Algorithm}\"";
        inner.Header["jwk"] = next.Jwk;
        inner.Header["url"] = $"\"{client.Url("keyChange")}\"";
        spoil?.Invoke(inner);
        return client.Post(client.Url("keyChange"), RawAcmeClient.Sign(inner, next));
    }
}
