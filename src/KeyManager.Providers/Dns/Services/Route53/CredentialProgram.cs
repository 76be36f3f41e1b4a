using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Networking;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>Runs the credential_process of a profile, such as aws_signing_helper for a machine with a certificate (IAM Roles Anywhere), and reads what it prints. There is no shell.</summary>
internal sealed class CredentialProgram(Clock clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <exception cref="CredentialException">KmDnsCredentialRejected: it failed, or printed something else.</exception>
    public async Task<AwsCredentials> RunAsync(DnsContext context, CredentialPlan.Program program, CancellationToken cancellationToken)
    {
        string source = $"The credential_process of the profile '{program.Profile}'";
        (string file, string arguments) = Split(program.CommandLine);
        using Process process = new()
        {
            StartInfo = new ProcessStartInfo(file, arguments) { UseShellExecute = false, CreateNoWindow = true, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true },
        };
        try
        {
            process.Start();
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or IOException)
        {
            throw Failed(context, source, $"'{file}' cannot be started: {error.Message}");
        }

        process.StandardInput.Close();
        string output;
        try
        {
            output = await TimeLimit.RunAsync(clock, Patience, _ => OutputAsync(process), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            Kill(process);
            cancellationToken.ThrowIfCancellationRequested();
            throw Failed(context, source, $"'{file}' did not end within {Patience.TotalSeconds:0} seconds");
        }

        // What it writes to standard error may hold a secret, so only the status is told.
        return process.ExitCode != 0
            ? throw Failed(context, source, $"'{file}' ended with status {process.ExitCode}")
            : Read(context, source, output);
    }

    /// <summary>The program and the rest. A program with blanks in its path stands in double quotes.</summary>
    internal static (string File, string Arguments) Split(string commandLine)
    {
        string text = commandLine.Trim();
        bool isQuoted = text.StartsWith("\"", StringComparison.Ordinal);
        int end = isQuoted ? text.IndexOf('"', 1) : text.IndexOf(' ');
        return end < 0 ? (text.Trim('"'), "") : (text.Substring(isQuoted ? 1 : 0, end - (isQuoted ? 1 : 0)), text.Substring(end + 1).Trim());
    }

    private static AwsCredentials Read(DnsContext context, string source, string output)
    {
        JToken? json = null;
        try
        {
            using JsonTextReader reader = new(new StringReader(output)) { DateParseHandling = DateParseHandling.None, MaxDepth = 8 };
            json = reader.Read() ? JToken.Load(reader) : null;
        }
        catch (JsonException)
        {
            // Reported below, without what it printed.
        }

        return json is JObject document && document["Version"] is JValue { Type: JTokenType.Integer } version && (long)version == 1
            ? CredentialDocument.Read(context, source, json, "SessionToken")
            : throw Failed(context, source, "it printed no JSON with the Version 1");
    }

    // Both pipes are read to their end, or a program that writes much to the other would stand still.
    private static async Task<string> OutputAsync(Process process)
    {
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await errors.ConfigureAwait(false);
        process.WaitForExit();
        return output;
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            // It has just ended.
        }
    }

    private static CredentialException Failed(DnsContext context, string source, string problem) =>
        ServiceErrors.Rejected(context, $"{source} gave none: {problem}", "Run the command of the profile at a prompt of the same user and see what it says.");
}
