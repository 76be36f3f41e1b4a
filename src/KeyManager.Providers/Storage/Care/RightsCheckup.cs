using System;
using System.Collections.Generic;
using System.IO;
using KeyManager.Providers.Files;

namespace KeyManager.Providers.Storage.Care;

/// <summary>Whether others than the owner can open the files of the store.</summary>
internal sealed class RightsCheckup() : StoreCheckup("Rights", ErrorIds.StoreRightsTooWide, "Take the rights away from everybody else; the message names the command.")
{
    public override string Good => "Only the owner can open the file.";

    public override IEnumerable<Finding> Look(CheckContext context)
    {
        foreach (string suffix in (string[])["", "-wal", "-shm"])
        {
            string path = context.Location.Path + suffix;
            if (File.Exists(path) && PrivateFile.FindRightsProblem(path, "The file") is { } problem)
            {
                yield return new Finding($"{problem.Message} {problem.Remedy}", PrivateFile.CanMakePrivate ? () => PrivateFile.MakePrivate(path) : null);
            }
        }
    }
}
