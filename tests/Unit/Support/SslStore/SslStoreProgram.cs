using System;
using System.Globalization;
using System.IO;
using System.Linq;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Tests.Dns;

namespace KeyManager.Tests.Support.SslStore;

/// <summary>The fake as a program of its own: prints its address and that of a DNS server, then does what it is told line by line.</summary>
/// <remarks>
/// KM_TEST_WEB_PORT is the port of the web server that all names lead to. CNAME records are the files of the folder "dns": the file is named after the record and holds the target. Commands:
/// "vet" (people approve everything), "mail" (all mails are answered), "days N" (life of certificates), "refund" (approve all refunds), "foreign NAME" (an issued order that was
/// placed elsewhere; answers its number), "foreign* N" (N of them), "ledger", "violations", "calls".
/// </remarks>
public static class SslStoreProgram
{
    /// <summary>Runs until the end of the input.</summary>
    public static void Run(string folder)
    {
        int port = int.Parse(Environment.GetEnvironmentVariable("KM_TEST_WEB_PORT") ?? "0", CultureInfo.InvariantCulture);
        string records = Path.Combine(folder, "dns");
        Directory.CreateDirectory(records);
        using ScriptedDnsServer dns = new(query => query.Message.Questions[0].Type == DnsType.CName && File.Exists(FileOf(query.Name))
            ? query.Reply(DnsRecord.Alias(query.Name, 60, DnsName.Parse(File.ReadAllText(FileOf(query.Name)).Trim())))
            : query.Reply());
        using SslStoreServer server = new(Clock.System, new NetworkWorld(port, dns.EndPoint));
        Console.WriteLine(server.Url);
        Console.WriteLine(dns.EndPoint);
        while (Console.ReadLine() is string line)
        {
            Console.WriteLine(Do(server, line.Split(' ')));
        }

        string FileOf(DnsName name) => Path.Combine(records, name.ToString().ToLowerInvariant());
    }

    private static string Do(SslStoreServer server, string[] words)
    {
        switch (words[0])
        {
            case "vet":
                server.Orders.ForEach(o => o.NeedsVetting = false);
                return "done";
            case "mail":
                server.Orders.Where(o => o.Method == "Email").SelectMany(o => o.Proofs).ToList().ForEach(p => p.IsDone = true);
                return "done";
            case "days":
                server.CertificateDays = int.Parse(words[1], CultureInfo.InvariantCulture);
                return "done";
            case "refund":
                server.Orders.Where(o => o.RefundRequestId is not null).ToList().ForEach(SslStoreServer.ApproveRefund);
                return "done";
            case "foreign":
                return server.Add(words[1]).Id;
            case "foreign*":
                for (int i = 0; i < int.Parse(words[1], CultureInfo.InvariantCulture); i++)
                {
                    _ = server.Add(FormattableString.Invariant($"host{i}.contoso.com"));
                }

                return "done";
            case "ledger":
                return string.Join(" ", server.Ledger.Select(l => l.Call));
            case "violations":
                return string.Join("; ", server.Violations);
            default:
                return string.Join(" ", server.Calls);
        }
    }
}
