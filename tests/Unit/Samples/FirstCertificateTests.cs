using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using FirstCertificate;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Samples;

/// <summary>The sample does what its reader is told, and what it leaves is what other programs read.</summary>
public sealed class FirstCertificateTests : IDisposable
{
    private const string Password = "first-certificate";

    private readonly TemporaryFolder _folder = new();

    private string Result => _folder.File("first");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_sample_makes_every_file_that_it_promises()
    {
        Assert.Equal(0, await Program.Main([Result, "--no-pwsh"]));

        string[] files = ["root.crt", "store.key", "store/store.db", .. new[] { "pfx", "jks", "key", "crt", "chain.crt", "fullchain.crt" }.Select(e => "tls/www.contoso.test." + e)];
        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(Result, file)), file));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Result, "www"), "*", SearchOption.AllDirectories));

        using X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(Tls("crt"), Tls("key"));
        using X509Certificate2 root = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Result, "root.crt"));
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.ExtraStore.ImportFromPemFile(Tls("chain.crt"));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        Assert.True(chain.Build(certificate));
        Assert.True(certificate.MatchesHostname("www.contoso.test"));
    }

    [Fact]
    public async Task A_second_run_makes_a_folder_of_its_own()
    {
        Assert.Equal(0, await Program.Main([Result, "--no-pwsh"]));
        byte[] first = File.ReadAllBytes(Tls("crt"));

        Assert.Equal(0, await Program.Main([Result, "--no-pwsh"]));

        Assert.True(File.Exists(Result + "-2/tls/www.contoso.test.crt"));
        Assert.Equal(first, File.ReadAllBytes(Tls("crt")));
    }

    [Fact]
    public async Task A_wrong_argument_ends_with_an_exit_code() => Assert.Equal(1, await Program.Main(["--nonsense"]));

    [Fact]
    public async Task OpenSsl_reads_the_files_of_the_sample()
    {
        string openssl = Tool("openssl");
        Assert.Equal(0, await Program.Main([Result, "--no-pwsh"]));

        Assert.Contains("OK", Ask(openssl, "verify", "-CAfile", Path.Combine(Result, "root.crt"), "-untrusted", Tls("chain.crt"), Tls("crt")), StringComparison.Ordinal);
        Assert.Contains("PRIVATE KEY", Ask(openssl, "pkcs12", "-in", Tls("pfx"), "-passin", "pass:" + Password, "-nodes"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keytool_reads_the_keystore_of_the_sample()
    {
        string keytool = Tool("keytool");
        Assert.Equal(0, await Program.Main([Result, "--no-pwsh"]));

        Assert.Contains("PrivateKeyEntry", Ask(keytool, "-list", "-keystore", Tls("jks"), "-storepass", Password), StringComparison.Ordinal);
    }

    private string Tls(string extension) => Path.Combine(Result, "tls", "www.contoso.test." + extension);

    private static string Tool(string name)
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => (string[])[Path.Combine(folder, name), Path.Combine(folder, name + ".exe")])
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{name} is not on the PATH: install it to have its judgement of the files.");
        return path!; // skipped otherwise
    }

    private static string Ask(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!; // a program found on the PATH
        string answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return answer;
    }
}
