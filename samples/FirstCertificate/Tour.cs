using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Operations;
using KeyManager.Providers;
using KeyManager.Storage;

namespace FirstCertificate;

/// <summary>The tour in C#. FirstCertificate.ps1 is the same with cmdlets.</summary>
internal static class Tour
{
    private const string Name = "www.contoso.test";

    // A tutorial may show its password. Yours comes from Read-Host -AsSecureString or from a vault.
    private const string Password = "first-certificate";

    public static async Task RunAsync(string folder, string webRoot, string siteAddress)
    {
        CancellationToken token = CancellationToken.None;
        Console console = new();

        console.Step("A store for keys, orders and certificates, encrypted with a key file", "Initialize-KmStore ./store/store.db -KeyFilePath ./store.key");
        StoreLocation location = KeyManagerHost.Locate(Path.Combine(folder, "store", "store.db"), null);
        using KeyManagerServices km = KeyManagerHost.Create(
            location, new KeyProtectorRequest(KeyProtectorKind.KeyFile, Path: Path.Combine(folder, "store.key")), passphrase: null);

        console.Step(
            "A private authority that asks for proof by http-01, as a public one would",
            "New-KmAccount private -Authority Local -Setting @{ Validation = 'Http01'; ValidationAddress = '127.0.0.1:...' }");
        AccountRequest request = new()
        {
            Id = Identifier.New(),
            Name = "private",
            // Nobody's DNS knows the name, so the authority is told where its web server is.
            Settings = new Dictionary<string, string> { ["Validation"] = "Http01", ["ValidationAddress"] = siteAddress },
        };
        AuthorityAccount account = await km.RegisterAccount.RunAsync("Local", request, makeDefault: true, console, token).ConfigureAwait(false);
        console.Show(km.ChangeAccount.ExportTrustAnchor(account.Name, Path.Combine(folder, "root.crt"), includeIssuing: false, overwrite: false, console));

        console.Step("An order: a key, a request, and a challenge to answer", $"$order = New-KmCertificateOrder {Name} -WebRootPath ./www");
        CertificateOrder order = await km.PlaceOrder.RunAsync(
            new OrderRequest { DomainNames = [DomainName.Parse(Name)], WebRootPath = webRoot }, console, token).ConfigureAwait(false);
        console.Show($"{order.Name}: {order.Status}, {order.Challenges[0].Type} at {order.Challenges[0].Location}");

        console.Step("The proof: publish the challenge file, have it checked, take it away, collect and save the certificate", "$order | Invoke-KmChallenge");
        order = await km.CompleteOrder.RunAsync(order.Id, new CompleteOrderOptions(), console, token).ConfigureAwait(false);
        Certificate certificate = km.Inventory.Resolve(Name);
        console.Show($"{order.Name}: {order.Status}, {certificate.KeyDescription}, until {certificate.NotAfter:yyyy-MM-dd}, serial {certificate.SerialNumber}");

        console.Step(
            "Files for servers: PKCS#12 for IIS, JKS for Tomcat, PEM for nginx",
            $"Export-KmCertificate {Name} ./tls/ -Format Pkcs12 -Password $password   (then Jks, then Pem)");
        Export(km, certificate, folder).ForEach(console.Show);

        console.Step("A renewal before it is due: a new key and certificate, proved again; then the files again", $"Update-KmCertificate {Name} -Force; Export-KmCertificate ... -Force");
        order = await km.RenewCertificate.RunAsync(certificate.Id, new CompleteOrderOptions(), console, token).ConfigureAwait(false);
        console.Show($"{order.Name}: {order.Status}, renewal {order.RenewalNumber}");
        Export(km, km.Inventory.Resolve(Name), folder).ForEach(console.Show);

        console.Step("The history: every version stays until you remove it", $"Get-KmCertificateHistory {Name}");
        foreach (Certificate version in km.Inventory.History(Name))
        {
            console.Show($"version {version.Version}{(version.IsCurrent ? " (current)" : "")}: serial {version.SerialNumber}, until {version.NotAfter:yyyy-MM-dd}");
        }
    }

    private static List<ExportedFile> Export(KeyManagerServices km, Certificate certificate, string folder) =>
    [
        .. new[] { ExportFormat.Pkcs12, ExportFormat.Jks, ExportFormat.Pem }.SelectMany(format => km.ExportCertificate.Run(certificate.Id, new ExportRequest
        {
            Path = Path.Combine(folder, "tls"),
            PathIsFolder = true,
            Format = format,
            // A PEM key without a password, as web servers read it; its file can be read by its owner only.
            Password = format == ExportFormat.Pem ? null : Password,
            Overwrite = true,
        })),
    ];

    /// <summary>Prints the steps, and what the operations say about them.</summary>
    private sealed class Console : IReporter
    {
        private int _number;

        public void Step(string what, string cmdlet)
        {
            System.Console.WriteLine();
            System.Console.WriteLine($"{++_number}. {what}");
            System.Console.WriteLine($"   PS> {cmdlet}");
        }

        public void Show(object result) => System.Console.WriteLine($"   {result}");

        public void Warn(string message) => System.Console.WriteLine($"   Warning: {message}");

        public void Verbose(string message) => System.Console.WriteLine($"   {message}");

        public void Progress(ProgressReport report)
        {
            // Nothing here takes long enough.
        }
    }
}
