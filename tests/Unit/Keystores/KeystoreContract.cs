using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Keystores;

/// <summary>What every keystore format must do. A new format proves itself by a class that derives from this.</summary>
public abstract class KeystoreContract
{
    /// <summary>Letters of several scripts, one of them outside the basic plane.</summary>
    protected const string UnicodePassword = "пароль-Ünïcode-日本-🔑";

    protected static readonly KeystoreEntry Entry = TestPki.Entry("www.contoso.com");

    protected abstract IKeystoreFormat Format { get; }

    /// <summary>The alias that comes back for one that was written; formats without aliases give an empty one.</summary>
    protected virtual string Stored(string alias) => alias;

    [Theory]
    [InlineData("RSA 2048")]
    [InlineData("ECDSA P-256")]
    [InlineData("ECDSA P-384")]
    [InlineData("ECDSA P-521")]
    [InlineData("Ed25519")]
    public void A_key_comes_back_with_its_certificate_and_chain(string kind)
    {
        KeystoreEntry entry = TestPki.Entry("web", key: TestPki.Key(kind));

        AssertSame([entry], RoundTrip([entry]));
    }

    [Fact]
    public void Two_keys_come_back_each_with_its_own_certificate()
    {
        KeystoreEntry[] entries = [Entry, TestPki.Entry("mail", "mail.contoso.com", TestPki.Key("Ed25519"))];

        AssertSame(entries, RoundTrip(entries));
    }

    [Fact]
    public void A_certificate_without_a_key_comes_back_alone()
    {
        KeystoreEntry[] entries = [Entry, new() { Alias = "partner", Certificates = [TestPki.Issue("CN=Partner CA", TestPki.Key("Ed25519"), null).Der] }];

        AssertSame(entries, RoundTrip(entries));
    }

    [Fact]
    public void A_chain_that_is_missing_stays_missing()
    {
        KeystoreEntry[] entries = [Entry with { Certificates = [Entry.Certificates[0]] }];

        AssertSame(entries, RoundTrip(entries));
    }

    [Fact]
    public void Passwords_and_aliases_may_hold_any_letters()
    {
        KeystoreEntry[] entries = [Entry with { Alias = "größe-証明書-🔑" }];

        AssertSame(entries, Format.Read(Format.Write(entries, Options(UnicodePassword)), UnicodePassword, "store"));
    }

    [Fact]
    public void A_wrong_password_is_named_so()
    {
        byte[] data = Write([Entry]);

        foreach (string password in new[] { "Password", "password ", UnicodePassword })
        {
            Assert.Equal(ErrorIds.WrongPassword, Fails(data, password).ErrorId);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_missing_password_is_asked_for(string? password) =>
        Assert.Equal(ErrorIds.KeystorePasswordRequired, Fails(Write([Entry]), password).ErrorId);

    [Fact]
    public void A_file_cut_off_anywhere_is_refused()
    {
        byte[] data = Write([Entry]);
        for (int length = 0; length < data.Length - 1; length++)
        {
            byte[] part = [.. data.Take(length)];
            if (!IsWhole(part))
            {
                Assert.NotEqual(ErrorIds.KeystorePasswordRequired, Fails(part, "password").ErrorId);
            }
        }
    }

    [Fact]
    public void Nothing_at_all_is_unreadable() => Assert.Equal(ErrorIds.KeystoreUnreadable, Fails([], "password").ErrorId);

    [Fact]
    public void Its_own_files_are_recognised_and_other_files_are_not()
    {
        Assert.True(Format.Recognizes(Write([Entry])));
        Assert.False(Format.Recognizes([]));
        Assert.False(Format.Recognizes(TestPki.Root.Der));
        Assert.False(Format.Recognizes(TestPki.Key("RSA 2048").Pkcs8));
        Assert.False(Format.Recognizes(TestPki.Key("ECDSA P-256").Pkcs8));
    }

    [Fact]
    public void Any_bytes_are_a_keystore_or_one_clear_error() =>
        Mangle.Check(data => _ = Format.Recognizes(data) | Format.Read(data, "password", "data").Count > 0, 500, [.. Samples()]);

    /// <summary>Files with the password "password" that the mangling starts from.</summary>
    protected virtual IEnumerable<byte[]> Samples() => [Write([Entry])];

    /// <summary>True for the first part of a file that is a smaller file in its own right.</summary>
    protected virtual bool IsWhole(byte[] part) => false;

    protected static KeystoreOptions Options(string? password) => new() { Password = password };

    protected byte[] Write(IReadOnlyList<KeystoreEntry> entries) => Format.Write(entries, Options("password"));

    protected IReadOnlyList<KeystoreEntry> RoundTrip(IReadOnlyList<KeystoreEntry> entries) => Format.Read(Write(entries), "password", "store");

    protected void AssertSame(IReadOnlyList<KeystoreEntry> expected, IReadOnlyList<KeystoreEntry> actual)
    {
        Assert.Equal(expected.Select(e => Stored(e.Alias)), actual.Select(e => e.Alias));
        Assert.Equal(expected.Select(e => e.Key?.Pkcs8), actual.Select(e => e.Key?.Pkcs8));
        Assert.Equal(expected.Select(e => e.Key?.Spec), actual.Select(e => e.Key?.Spec));
        Assert.Equal(expected.Select(e => e.Certificates), actual.Select(e => e.Certificates));
    }

    protected KeyMaterialException Fails(byte[] data, string? password)
    {
        KeyMaterialException error = Assert.Throws<KeyMaterialException>(() => Format.Read(data, password, "store.bin"));
        Assert.StartsWith("store.bin ", error.Message, StringComparison.Ordinal);
        Assert.Equal("store.bin", error.Target);
        Assert.NotNull(error.Remedy);
        return error;
    }
}
