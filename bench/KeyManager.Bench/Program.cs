using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Bench.Acme;

namespace KeyManager.Bench;

/// <summary>Runs the measurements named on the command line; bench/README.md says what each means.</summary>
internal static class Program
{
    private const string Usage = """
        Usage: KeyManager.Bench <store|backup|orders|import|cmdlet|acme|dns|renewal|sslstore|emsign|report|find|deploy|all> [--count N] [--runs N] [--rival ModuleName] [--part Name]
        """;

    public static async Task<int> Main(string[] args)
    {
        string what = args.FirstOrDefault() ?? "";
        Dictionary<string, string> options = [];
        for (int i = 1; i + 1 < args.Length; i += 2)
        {
            options[args[i]] = args[i + 1];
        }

        int Number(string name, int otherwise) => options.TryGetValue(name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
        if (what is not ("store" or "backup" or "orders" or "import" or "cmdlet" or "acme" or "dns" or "renewal" or "sslstore" or "emsign" or "report" or "find" or "deploy" or "all") || args.Length % 2 == 0 || options.Keys.Except(["--count", "--runs", "--rival", "--part"]).Any()
            || (options.TryGetValue("--part", out string? part) && !(what == "acme" && AcmeBench.Parts.Contains(part))))
        {
            await Console.Error.WriteLineAsync(Usage).ConfigureAwait(false);
            return 2;
        }

        Machine.Print();
        if (what is "import" or "all")
        {
            ImportBench.Run(Number("--runs", 20), options.GetValueOrDefault("--rival"));
        }

        if (what is "cmdlet" or "all")
        {
            CmdletBench.Run(Number("--runs", 200));
        }

        if (what is "orders" or "all")
        {
            await OrdersBench.RunAsync(what == "all" ? 1000 : Number("--count", 1000)).ConfigureAwait(false);
        }

        if (what is "store" or "all")
        {
            StoreBench.Run(what == "all" ? 100_000 : Number("--count", 100_000), Number("--runs", 50));
        }

        if (what is "backup")
        {
            await BackupBench.RunAsync(Number("--count", 1024), Number("--runs", 3)).ConfigureAwait(false);
        }

        if (what is "report")
        {
            ReportBench.Run(Number("--count", 1_000_000), Number("--runs", 20));
        }

        if (what is "renewal")
        {
            await RenewalBench.RunAsync(Number("--count", 10_000), Number("--runs", 1_000_000)).ConfigureAwait(false);
        }

        if (what is "dns")
        {
            await PropagationBench.RunAsync(Number("--runs", 20)).ConfigureAwait(false);
        }

        if (what is "find")
        {
            await FindBench.RunAsync(Number("--count", 1000), Number("--runs", 5)).ConfigureAwait(false);
        }

        if (what is "sslstore" or "emsign")
        {
            ForeignOrdersBench.Run(what, Number("--count", 10_000));
        }

        try
        {
            if (what is "deploy")
            {
                await DeployBench.RunAsync(Number("--count", 50), Number("--runs", 5)).ConfigureAwait(false);
            }

            if (what is "acme")
            {
                await AcmeBench.RunAsync(options.GetValueOrDefault("--part"), Number("--count", 1000), Number("--runs", 30), options.GetValueOrDefault("--rival")).ConfigureAwait(false);
            }
        }
        catch (MissingProgramException missing)
        {
            await Console.Error.WriteLineAsync(missing.Message).ConfigureAwait(false);
            return 1;
        }

        return 0;
    }
}
