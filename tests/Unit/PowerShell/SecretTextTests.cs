using System;
using System.Linq;
using System.Security;
using System.Text;
using KeyManager.PowerShell;
using Xunit;

namespace KeyManager.Tests.PowerShell;

public sealed class SecretTextTests
{
    [Fact]
    public void The_text_is_there_until_it_is_disposed_and_overwritten_then()
    {
        SecretText secret = new(Secure("pä$$"));
        char[] characters = secret.Characters;
        byte[] utf8 = secret.Utf8;
        Assert.Equal("pä$$", secret.Reveal());
        Assert.Equal("pä$$", Encoding.UTF8.GetString(utf8));

        secret.Dispose();
        secret.Dispose();

        Assert.All(characters, c => Assert.Equal('\0', c));
        Assert.All(utf8, b => Assert.Equal(0, b));
        Assert.Throws<ObjectDisposedException>(() => secret.Characters);
    }

    [Fact]
    public void An_empty_secret_is_empty()
    {
        using SecretText secret = new(Secure(""));
        Assert.True(secret.IsEmpty);
        Assert.Equal("", secret.Reveal());
    }

    private static SecureString Secure(string text) => text.Aggregate(new SecureString(), (s, c) =>
    {
        s.AppendChar(c);
        return s;
    });
}
