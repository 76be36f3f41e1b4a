using System;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading.Tasks;
using KeyManager;

namespace FirstCertificate;

/// <summary>
/// From nothing to a renewed certificate: a private authority, an order, the proof, the files for servers, a renewal, the history.
/// <code>dotnet run --project samples/FirstCertificate [folder] [--no-pwsh]</code>
/// Where PowerShell 7 is installed this runs FirstCertificate.ps1, which uses the cmdlets; otherwise, or with --no-pwsh, Tour.cs, which calls
/// the same operations from C#. Read the one that is nearer to you: they do the same, step by step.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        try
        {
            string? unknown = args.FirstOrDefault(a => a.StartsWith('-') && a != "--no-pwsh");
            string[] names = [.. args.Where(a => !a.StartsWith('-'))];
            if (unknown is not null || names.Length > 1)
            {
                throw new ArgumentException($"'{unknown ?? names[1]}' is not understood. Usage: FirstCertificate [folder] [--no-pwsh]");
            }

            string folder = NewFolder(names.FirstOrDefault() ?? "first-certificate");
            Console.WriteLine($"Everything goes into {folder}; delete it when you are done, nothing else was touched.");

            // The web server of the name that we order for. The private authority will look here for the proof.
            string webRoot = Directory.CreateDirectory(Path.Combine(folder, "www")).FullName;
            await using WebSite site = new(webRoot);
            string? reason = args.Contains("--no-pwsh") ? "--no-pwsh was given" : PowerShell.WhyNot();
            if (reason is null)
            {
                Console.WriteLine("PowerShell is installed: these are the cmdlets themselves, from FirstCertificate.ps1.");
                return await PowerShell.RunAsync(folder, site.Address).ConfigureAwait(false);
            }

            Console.WriteLine($"Using the library ({reason}); each step names the cmdlet that does the same.");
            await Tour.RunAsync(folder, webRoot, site.Address).ConfigureAwait(false);
            return 0;
        }
        catch (KeyManagerException error)
        {
            return Fail($"{error.Message} {error.Remedy} ({error.ErrorId})");
        }
        catch (Exception error) when (error is ArgumentException or IOException or UnauthorizedAccessException or SocketException)
        {
            return Fail(error.Message);
        }
    }

    /// <summary>The folder, or when it exists already the same name with the next free number.</summary>
    private static string NewFolder(string wanted)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(wanted));
        string free = path;
        for (int number = 2; Directory.Exists(free) || File.Exists(free); number++)
        {
            free = $"{path}-{number}";
        }

        if (free != path)
        {
            Console.WriteLine($"{path} exists already, so this run makes {Path.GetFileName(free)}.");
        }

        return Directory.CreateDirectory(free).FullName;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"The first certificate could not be made. {message}");
        return 1;
    }
}
