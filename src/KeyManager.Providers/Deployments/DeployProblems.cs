using System;

namespace KeyManager.Providers.Deployments;

/// <summary>The errors of targets, in one wording whatever the transport.</summary>
internal static class DeployProblems
{
    public static DeploymentException NoRight(string target, string path, string problem, Exception? inner = null) =>
        new(ErrorIds.TargetRightMissing, $"On {target}, '{path}' {problem}: access is denied.", inner)
        {
            Target = path,
            Remedy = "Give the user of the target the right to read and write there; it needs the folder too, since files are replaced by renaming.",
        };

    public static DeploymentException DiskFull(string target, string path, Exception? inner = null) =>
        new(ErrorIds.TargetDiskFull, $"On {target}, '{path}' cannot be written: the disk is full or the quota is used up.", inner)
        {
            Target = path,
            Remedy = "Make room there, then deploy again. Nothing was changed.",
        };

    public static DeploymentException Refused(string target, string path, string problem, Exception? inner = null) =>
        new(ErrorIds.TargetRefused, $"On {target}, '{path}' {problem}.", inner)
        {
            Target = path,
            Remedy = "Look at the path on the target: the folder has to exist, and the name must not be that of a folder.",
        };

    public static TransportException Unreachable(string target, string problem, Exception? inner = null) =>
        new(ErrorIds.TargetUnreachable, $"{target} cannot be reached: {problem.TrimEnd('.')}.", inner)
        {
            Target = target,
            IsTransient = true,
            Remedy = "Look whether it runs, whether name and port are right, and whether a firewall is in between.",
        };

    public static DeploymentException ProgramMissing(string program, Exception inner) =>
        new(ErrorIds.ProgramNotFound, $"The program '{program}' cannot be started: {inner.Message.TrimEnd('.')}.", inner)
        {
            Target = program,
            Remedy = "Install it; OpenSSH's client comes with Windows (optional feature) and with every Linux (Debian: openssh-client).",
        };
}
