using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using KeyManager.Deployments;
using KeyManager.Providers.Files;

namespace KeyManager.Providers.Deployments.Ssh;

/// <summary>
/// A folder of ours alone for one connection: the socket that its commands share, the pinned host key, and the helper that hands a password to ssh. The helper holds no secret: it reads
/// it from its environment, which the same user can see only.
/// </summary>
internal sealed class SshFolder : IDisposable
{
    private const string SecretVariable = "KM_ASKPASS_SECRET";
    private const string PassphraseVariable = "KM_ASKPASS_PASSPHRASE";
    private const string HostVariable = "KM_ASKPASS_HOST";

    // A socket's path is short, and ssh adds to it while it makes one.
    private const int LongestSocketPath = 80;

    // A jump host may ask for a password too, and must not get this one: with a jump host the question has to name our server.
    private const string UnixHelper =
        """
        #!/bin/sh
        case "$1" in
          *assphrase*) printf '%s\n' "$KM_ASKPASS_PASSPHRASE" ;;
          *"@$KM_ASKPASS_HOST'"*|*"@$KM_ASKPASS_HOST)"*) printf '%s\n' "$KM_ASKPASS_SECRET" ;;
          *) [ -z "$KM_ASKPASS_HOST" ] || exit 1; printf '%s\n' "$KM_ASKPASS_SECRET" ;;
        esac

        """;

    private const string WindowsHelper =
        """
        @echo off
        powershell.exe -NoProfile -NonInteractive -Command "$q = $args -join ' '; if ($q -match 'assphrase') { [Console]::Out.WriteLine($env:KM_ASKPASS_PASSPHRASE) } elseif (-not $env:KM_ASKPASS_HOST -or $q -like ('*@' + $env:KM_ASKPASS_HOST + '*')) { [Console]::Out.WriteLine($env:KM_ASKPASS_SECRET) } else { exit 1 }" %*

        """;

    private static readonly bool OnWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    private readonly string _path = Path.Combine(Path.GetTempPath(), "km-" + Identifier.New());

    public SshFolder(SshSettings settings, DeployContext context)
    {
        PrivateFile.CreateFolder(_path);
        if (settings.HostKey is string key)
        {
            KnownHosts = Path.Combine(_path, "known_hosts");
            PrivateFile.WriteNew(KnownHosts, Encoding.ASCII.GetBytes($"* {key}\n"), isLasting: false);
        }

        string? password = context.GetSecretText(SshSettings.PasswordSetting);
        string? passphrase = context.GetSecretText(SshSettings.KeyPassphraseSetting);
        HasSecret = password is not null || passphrase is not null;
        if (HasSecret)
        {
            string helper = Path.Combine(_path, OnWindows ? "ask.cmd" : "ask");
            PrivateFile.WriteNew(helper, Encoding.ASCII.GetBytes(OnWindows ? WindowsHelper.Replace("\n", "\r\n") : UnixHelper.Replace("\r", "")), isLasting: false);
            if (!OnWindows)
            {
                _ = NativeUnix.ChangeMode(helper, PrivateFile.FolderMode); // 0700: it is a program
            }

            Environment = new Dictionary<string, string>
            {
                ["SSH_ASKPASS"] = helper,
                ["SSH_ASKPASS_REQUIRE"] = "force",
                ["DISPLAY"] = System.Environment.GetEnvironmentVariable("DISPLAY") ?? ":0", // before OpenSSH 8.4 nothing is asked without one
                [SecretVariable] = password ?? "",
                [PassphraseVariable] = passphrase ?? "",
                [HostVariable] = settings.JumpHost is null ? "" : settings.HostName,
            };
        }

        // OpenSSH for Windows cannot share a connection.
        string socket = Path.Combine(_path, "c");
        Socket = OnWindows || socket.Length > LongestSocketPath ? null : socket;
    }

    /// <summary>The socket that commands share; <c>null</c> where that cannot be.</summary>
    public string? Socket { get; }

    /// <summary>File with the pinned host key; <c>null</c> for none.</summary>
    public string? KnownHosts { get; }

    /// <summary>True when something is to be answered.</summary>
    public bool HasSecret { get; }

    /// <summary>For ssh; the folder's owner alone can see it.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    public void Dispose()
    {
        try
        {
            Directory.Delete(_path, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Private, without a secret, and in the folder for what is temporary.
        }
    }
}
