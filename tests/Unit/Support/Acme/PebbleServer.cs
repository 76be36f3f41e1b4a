using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.X509;

namespace KeyManager.Tests.Support.Acme;

/// <summary>
/// Pebble, the test server of Let's Encrypt, with its challenge server, on ports of the loopback nobody has, until disposed. Either version
/// that people have will do: what it can is asked, not assumed. Skips the test where it is not installed.
/// </summary>
public sealed class PebbleServer : IDisposable
{
    private const string Program = "pebble";
    private const string ChallengeProgram = "pebble-challtestsrv";
    private const string Package = "pebble";
    private const int Attempts = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder _folder = new();
    private readonly PebbleOptions _options;
    private readonly byte[] _root;
    private readonly string _directory;
    private BackgroundProgram? _pebble;
    private BackgroundProgram? _challenges;

    public PebbleServer(PebbleOptions? options = null)
    {
        Peers.Require(Program, Package);
        Peers.Require(ChallengeProgram, Package);
        _options = options ?? new PebbleOptions();
        try
        {
            _root = WriteTlsFiles();
            Version = ReadVersion();
            int[] ports = Start();
            HttpPort = ports[2];
            TlsPort = ports[3];
            DirectoryUrl = new Uri($"https://127.0.0.1:{ports[0]}/dir");
            ManagementUrl = new Uri($"https://127.0.0.1:{ports[1]}/");
            Dns = new PebbleDns(new Uri($"http://127.0.0.1:{ports[4]}/"), $"127.0.0.1:{ports[5]}");
            _directory = Get(DirectoryUrl);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Uri DirectoryUrl { get; }

    /// <summary>PEM file of the root that certified Pebble's own TLS certificate. It is not the root of what Pebble issues.</summary>
    public string RootPath => _folder.File("tls-root.pem");

    /// <summary>Where http-01 is looked for.</summary>
    public int HttpPort { get; }

    /// <summary>Where tls-alpn-01 is looked for.</summary>
    public int TlsPort { get; }

    public PebbleDns Dns { get; } = null!;

    /// <summary>Pebble's management interface: roots, status, renewal information.</summary>
    public Uri ManagementUrl { get; }

    /// <summary>What the program calls itself; null for one that does not say, as Debian's 2.4.</summary>
    public string? Version { get; }

    public bool HasRenewalInfo => DirectoryMembers().ContainsKey("renewalInfo");

    public bool HasProfiles => HasMeta("profiles");

    /// <summary>Whether it says under which name CAA records and standing proofs allow it.</summary>
    public bool HasCaaIdentity => HasMeta("caaIdentities");

    /// <summary>What Pebble has written so far.</summary>
    public string Log => _pebble?.Output ?? "";

    /// <summary>A client that trusts <see cref="RootPath"/> and nothing else, and names itself, as Pebble wants.</summary>
    public HttpClient NewClient()
    {
        AsymmetricKeyParameter rootKey = new X509CertificateParser().ReadCertificate(_root).GetPublicKey();
        HttpClientHandler handler = new()
        {
            AllowAutoRedirect = false,
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate is not null && IsSignedBy(certificate.RawData, rootKey),
        };
        HttpClient client = new(handler) { Timeout = TimeSpan.FromSeconds(30) };
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "KeyManager-tests");
        return client;
    }

    /// <summary>A root of what Pebble issues, as PEM; the first is the one whose chain comes first.</summary>
    public string IssuingRoot(int index = 0) => Get(new Uri(ManagementUrl, "roots/" + index.ToString(CultureInfo.InvariantCulture)));

    /// <summary>An intermediate that signs certificates, as PEM.</summary>
    public string Intermediate(int index = 0) => Get(new Uri(ManagementUrl, "intermediates/" + index.ToString(CultureInfo.InvariantCulture)));

    /// <summary>"Valid" or "Revoked" and more of a certificate, as JSON.</summary>
    public string CertificateStatus(string serialHex) => Get(new Uri(ManagementUrl, "cert-status-by-serial/" + serialHex));

    /// <summary>From now on the renewal information of a certificate is this text, JSON or not; an empty one ends that. Needs <see cref="HasRenewalInfo"/>.</summary>
    public void SetRenewalInfo(string certificatePem, string answer)
    {
        string body = StrictJson.Write(new Dictionary<string, object?> { ["certificate"] = certificatePem, ["ariResponse"] = answer });
        using HttpClient client = NewClient();
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage reply = client.PostAsync(new Uri(ManagementUrl, "set-renewal-info/"), content).GetAwaiter().GetResult();
        reply.EnsureSuccessStatusCode();
    }

    public void Dispose()
    {
        _pebble?.Dispose();
        _challenges?.Dispose();
        Dns?.Dispose();
        _folder.Dispose();
    }

    private static bool IsSignedBy(byte[] certificate, AsymmetricKeyParameter key)
    {
        try
        {
            new X509CertificateParser().ReadCertificate(certificate).Verify(key);
            return true;
        }
        catch (Org.BouncyCastle.Security.GeneralSecurityException)
        {
            return false;
        }
    }

    private bool HasMeta(string name) => DirectoryMembers()["meta"] is Dictionary<string, object?> meta && meta.ContainsKey(name);

    private Dictionary<string, object?> DirectoryMembers() => (Dictionary<string, object?>)StrictJson.Parse(_directory)!;

    private string Get(Uri url)
    {
        using HttpClient client = NewClient();
        using HttpResponseMessage answer = client.GetAsync(url).GetAwaiter().GetResult();
        answer.EnsureSuccessStatusCode();
        return answer.Content.ReadAsStringAsync().GetAwaiter().GetResult();
    }

    private string? ReadVersion()
    {
        bool says = BackgroundProgram.Ask(Program, _folder.Path, "-help").Contains("-version");
        return says ? BackgroundProgram.Ask(Program, _folder.Path, "-version").Trim().Split(' ').Last().TrimStart('v') : null;
    }

    /// <summary>Starts both programs. A port may be taken between its choice and its use; then there are others.</summary>
    private int[] Start()
    {
        string flags = BackgroundProgram.Ask(ChallengeProgram, _folder.Path, "-help");
        for (int attempt = 1; ; attempt++)
        {
            int[] ports = LoopbackPorts.Take(7);
            _challenges = new BackgroundProgram(ChallengeProgram, _folder.Path, new Dictionary<string, string?>(), ChallengeArguments(flags, ports));
            File.WriteAllText(_folder.File("pebble.json"), StrictJson.Write(new Dictionary<string, object?> { [Program] = Configuration(ports) }));
            string[] arguments = ["-config", _folder.File("pebble.json"), "-dnsserver", _options.DnsServer ?? At(ports[5]), .. _options.IsStrict ? ["-strict"] : Array.Empty<string>()];
            _pebble = new BackgroundProgram(Program, _folder.Path, Environment(), arguments);
            if (IsUp(_challenges, ports[4], ports[5]) && IsUp(_pebble, ports[0], ports[1]))
            {
                return ports;
            }

            _pebble.Dispose();
            _challenges.Dispose();
            if (attempt == Attempts)
            {
                throw new InvalidOperationException($"Pebble does not listen.\n{_pebble.Output}\n{_challenges.Output}");
            }
        }
    }

    private static bool IsUp(BackgroundProgram program, params int[] ports)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (!ports.All(LoopbackPorts.IsOpen))
        {
            if (program.HasEnded || waited.Elapsed > Patience)
            {
                return false;
            }

            Thread.Sleep(20);
        }

        return !program.HasEnded;
    }

    private static string At(int port) => "127.0.0.1:" + port.ToString(CultureInfo.InvariantCulture);

    private IEnumerable<string> ChallengeArguments(string flags, int[] ports)
    {
        Dictionary<string, string> values = new()
        {
            ["-management"] = At(ports[4]),
            [flags.Contains("-dnsserver") ? "-dnsserver" : "-dns01"] = At(ports[5]),
            ["-http01"] = _options.AnswersChallenges ? At(ports[2]) : "",
            ["-https01"] = _options.AnswersChallenges ? At(ports[6]) : "",
            ["-tlsalpn01"] = _options.AnswersChallenges ? At(ports[3]) : "",

            // Pebble takes the first address only, and tests listen on 127.0.0.1.
            ["-defaultIPv6"] = "",
        };
        if (flags.Contains("-doh "))
        {
            values["-doh"] = "";
        }

        return values.SelectMany(value => new[] { value.Key, value.Value });
    }

    private Dictionary<string, object?> Configuration(int[] ports)
    {
        Dictionary<string, object?> configuration = new()
        {
            ["listenAddress"] = At(ports[0]),
            ["managementListenAddress"] = At(ports[1]),
            ["certificate"] = _folder.File("tls.pem"),
            ["privateKey"] = _folder.File("tls.key"),
            ["httpPort"] = (long)ports[2],
            ["tlsPort"] = (long)ports[3],
            ["externalAccountBindingRequired"] = _options.RequiresExternalAccount,
            ["externalAccountMACKeys"] = _options.ExternalAccounts.ToDictionary(account => account.Key, account => (object?)Base64Url.Encode(account.Value)),
            ["keyAlgorithm"] = "ecdsa",

            // The only word on it for 2.4, and ignored later.
            ["certificateValidityPeriod"] = (long)_options.Validity.TotalSeconds,
            ["profiles"] = _options.Profiles.Count > 0
                ? _options.Profiles.ToDictionary(profile => profile.Key, profile => (object?)Describe(profile.Value))
                : new Dictionary<string, object?> { ["default"] = Describe(new AcmeProfile("The only one", _options.Validity, HasCommonName: false)) },
        };
        if (_options.RetryAfter is TimeSpan retryAfter)
        {
            configuration["retryAfter"] = new Dictionary<string, object?> { ["authz"] = (long)retryAfter.TotalSeconds, ["order"] = (long)retryAfter.TotalSeconds };
        }

        return configuration;
    }

    private static Dictionary<string, object?> Describe(AcmeProfile profile) => new()
    {
        ["description"] = profile.Description,
        ["validityPeriod"] = (long)profile.Validity.TotalSeconds,
        ["promoteCommonName"] = profile.HasCommonName,
    };

    private Dictionary<string, string?> Environment() => new()
    {
        ["PEBBLE_VA_NOSLEEP"] = _options.NeverSleeps ? "1" : null,
        ["PEBBLE_VA_SLEEPTIME"] = Number(_options.SleepSeconds),
        ["PEBBLE_VA_ALWAYS_VALID"] = _options.IsAlwaysValid ? "1" : null,
        ["PEBBLE_WFE_NONCEREJECT"] = Number(_options.PercentOfNoncesRefused),
        ["PEBBLE_AUTHZREUSE"] = Number(_options.PercentOfAuthorizationsReused),
        ["PEBBLE_WFE_ORDERS_PER_PAGE"] = null,
        ["PEBBLE_ALTERNATE_ROOTS"] = Number(_options.AlternateRoots),
        ["PEBBLE_CHAIN_LENGTH"] = Number(_options.ChainLength),
    };

    private static string? Number(int? value) => value?.ToString(CultureInfo.InvariantCulture);

    private byte[] WriteTlsFiles()
    {
        const string name = "CN=Pebble's TLS Root";
        AsymmetricCipherKeyPair rootKey = CertificateForge.NewKey();
        AsymmetricCipherKeyPair key = CertificateForge.NewKey();
        DateTimeOffset now = Clock.System.UtcNow;
        byte[] root = CertificateForge.Authority(name, rootKey, name, rootKey);
        byte[] leaf = CertificateForge.Leaf(
            CertificateForge.NewSerial(), null, ["localhost", "127.0.0.1"], key.Public, name, rootKey, rootKey, now.AddHours(-1), now.AddDays(30));
        File.WriteAllText(RootPath, Pem.Encode("CERTIFICATE", root));
        File.WriteAllText(_folder.File("tls.pem"), Pem.Encode("CERTIFICATE", leaf));
        File.WriteAllText(_folder.File("tls.key"), Pem.Encode("PRIVATE KEY", PrivateKeyInfoFactory.CreatePrivateKeyInfo(key.Private).GetDerEncoded()));
        return root;
    }
}
