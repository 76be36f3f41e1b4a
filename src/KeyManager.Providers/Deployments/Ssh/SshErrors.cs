using System;
using System.Linq;

namespace KeyManager.Providers.Deployments.Ssh;

/// <summary>What ssh says, as our errors.</summary>
internal static class SshErrors
{
    public static KeyManagerException Of(SshSettings settings, string said, Exception? inner)
    {
        string server = settings.HostName;
        if (Has(said, "REMOTE HOST IDENTIFICATION HAS CHANGED"))
        {
            return new DeploymentException(ErrorIds.HostKeyChanged, $"{server} shows another key than the one that is known. Somebody may be in between.", inner)
            {
                Target = server,
                Remedy = "Nothing was sent. When the server was really set up anew, put its new key into known_hosts or -HostKey, after you have compared the fingerprint.",
            };
        }

        if (Has(said, "host key is known") || Has(said, "Host key verification failed"))
        {
            return new DeploymentException(ErrorIds.HostKeyUnknown, $"The key of {server} is not known, and no unknown one is taken.", inner)
            {
                Target = server,
                Remedy = $"Get it with ssh-keyscan{(settings.Port is int port ? $" -p {port}" : "")} {server}, compare its fingerprint with one from the server itself (ssh-keygen -lf), and give the line with -HostKey or put it into known_hosts.",
            };
        }

        if (Has(said, "Permission denied (") || Has(said, "Too many authentication failures") || Has(said, "Permission denied, please try again") || Has(said, "no such identity"))
        {
            return new DeploymentException(ErrorIds.TargetCredentialRejected, $"{server} does not let {settings.UserName ?? "this user"} in: {Last(said)}.", inner)
            {
                Target = server,
                Remedy = "Look at user, key or password: Set-KmDeployTarget takes them anew. Without either the agent and your OpenSSH configuration are asked.",
            };
        }

        return Has(said, "subsystem request failed")
            ? new DeploymentException(ErrorIds.TargetRefused, $"{server} offers no SFTP.", inner) { Target = server, Remedy = "Set 'Subsystem sftp internal-sftp' in its sshd_config." }
            : DeployProblems.Unreachable(server, said.Length > 0 ? Last(said) : inner?.Message ?? "the connection was closed", inner);
    }

    private static bool Has(string said, string text) => said.IndexOf(text, StringComparison.OrdinalIgnoreCase) >= 0;

    private static string Last(string said)
    {
        string[] lines = [.. said.Split('\r', '\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
        return lines.Length == 0 ? "the connection was closed" : lines[lines.Length - 1].TrimEnd('.');
    }
}
