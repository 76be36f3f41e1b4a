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
                // On Windows SQLite makes the files beside the store with the rights of the folder, each time anew.
                string remedy = PrivateFile.CanMakePrivate || suffix.Length == 0
                    ? problem.Remedy!
                    : $"It has the rights of its folder; keep the store in a folder of its own, and run: {PrivateFile.TakingRightsFromOthers(Path.GetDirectoryName(path)!, isFolder: true)}";
                yield return new Finding($"{problem.Message} {remedy}", PrivateFile.CanMakePrivate ? () => PrivateFile.MakePrivate(path) : null);
            }
        }
    }
}
