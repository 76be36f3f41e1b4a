using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KeyManager.Providers.Keystores;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Deployments;

/// <summary>What the script for Windows does with a certificate store, on the store of Windows itself, which Wine has too: the keystore that we pack is stored with its key, found, and goes with its key.</summary>
public sealed class WindowsStoreTests
{
    [Theory]
    [InlineData("RSA 2048", StoreLocation.CurrentUser)]
    [InlineData("ECDSA P-256", StoreLocation.CurrentUser)]
    [InlineData("RSA 2048", StoreLocation.LocalMachine)]
    public void A_certificate_is_stored_with_its_key_and_goes_with_it(string kind, StoreLocation location)
    {
        Assert.SkipUnless(RuntimeInformation.IsOSPlatform(OSPlatform.Windows), "Only Windows has this store (Debian's package wine has one too).");
        Assert.SkipWhen(Wine.IsHere && kind != "RSA 2048", "Wine takes no other keys than RSA from a keystore.");
        KeystoreEntry entry = TestPki.Entry("www.contoso.com", key: TestPki.Key(kind));
        byte[] pfx = new Pkcs12Format().Write([entry], new KeystoreOptions { Password = "secret", Pkcs12Protection = Pkcs12Protection.Legacy });
        X509Certificate2Collection all = [];
#pragma warning disable SYSLIB0057 // as the script does it, which runs on .NET Framework too
        all.Import(pfx, "secret", X509KeyStorageFlags.PersistKeySet | (location == StoreLocation.LocalMachine ? X509KeyStorageFlags.MachineKeySet : 0));
#pragma warning restore SYSLIB0057
        X509Certificate2 certificate = all.Cast<X509Certificate2>().Single(c => c.RawData.AsSpan().SequenceEqual(entry.Certificates[0]));
        using X509Store store = new(StoreName.My, location);
        store.Open(OpenFlags.ReadWrite);
        store.Add(certificate);
        X509Certificate2 found = Find(store, certificate.Thumbprint)!;
        Assert.True(found.HasPrivateKey);
        if (!Wine.IsHere) // whose CNG breaks off when a key is asked for its properties
        {
            using RSA? rsa = found.GetRSAPrivateKey();
            using ECDsa? ecdsa = found.GetECDsaPrivateKey();
            Assert.True(rsa is not null || ecdsa is not null);
        }

        store.Remove(found);
        Assert.Null(Find(store, certificate.Thumbprint));
    }

    private static X509Certificate2? Find(X509Store store, string thumbprint) => store.Certificates.Cast<X509Certificate2>().FirstOrDefault(c => c.Thumbprint == thumbprint);
}
