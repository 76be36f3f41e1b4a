using System;
using System.Globalization;
using System.IO;
using System.Linq;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Tests.Dns;
using KeyManager.Tests.Support.SslStore;

namespace KeyManager.Tests.Support.EmSign;

/// <summary>The fake as a program of its own: prints its address and that of a DNS server, then does what it is told line by line.</summary>
/// <remarks>
/// KM_TEST_WEB_PORT is the port of the web server that all names lead to. TXT records are the files of the folder "dns": the file is named after the record and holds the value. Commands:
/// "vet" (people approve everything), "mail" (all mails are answered), "foreign NAME" (an issued order that was placed elsewhere; answers its number), "foreign* N" (N of them),
/// "drop" (the next orders lose their certificate request), "ledger", "violations", "calls".
/// </remarks>
public static class EmSignProgram
{
    /// <summary>Runs until the end of the input.</summary>
    public static void Run(string folder)
    {
        int port = int.Parse(Environment.GetEnvironmentVariable("KM_TEST_WEB_PORT") ?? "0", CultureInfo.InvariantCulture);
        string records = Path.Combine(folder, "dns");
        Directory.CreateDirectory(records);
        using ScriptedDnsServer dns = new(query => query.Message.Questions[0].Type == DnsType.Txt && File.Exists(FileOf(query.Name))
            ? query.Reply(DnsRecord.Text(query.Name, 60, File.ReadAllText(FileOf(query.Name)).Trim()))
            : query.Reply());
        using EmSignServer server = new(Clock.System, new NetworkWorld(port, dns.EndPoint));
        Console.WriteLine(server.Url);
        Console.WriteLine(dns.EndPoint);
        while (Console.ReadLine() is string line)
        {
            Console.WriteLine(Do(server, line.Split(' ')));
        }

        string FileOf(DnsName name) => Path.Combine(records, name.ToString().ToLowerInvariant());
    }

    private static string Do(EmSignServer server, string[] words)
    {
        switch (words[0])
        {
            case "vet":
                server.Orders.ForEach(o => o.NeedsVetting = false);
                return "done";
            case "mail":
                server.AnswerMails();
                return "done";
            case "drop":
                server.DropsRequests = true;
                return "done";
            case "foreign":
                return server.Add(words[1]).OrderNumber;
            case "foreign*":
                for (int i = 0; i < int.Parse(words[1], CultureInfo.InvariantCulture); i++)
                {
                    _ = server.Add(FormattableString.Invariant($"host{i}.contoso.com"));
                }

                return "done";
            case "ledger":
                return string.Join(" ", server.Ledger.Select(l => l.Order));
            case "violations":
                return string.Join("; ", server.Violations);
            default:
                return string.Join(" ", server.Calls);
        }
    }
}
