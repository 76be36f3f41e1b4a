using System.Collections.Generic;
using System.Linq;
using KeyManager.Providers.Secrets;

namespace KeyManager.Providers.Storage.Care;

/// <summary>Which protectors open the store here.</summary>
internal sealed class ProtectorCheckup() : StoreCheckup(
    "Protectors", ErrorIds.StoreLocked, "Run the command as the user and on the machine that a protector is for, or set KM_STORE_PASSPHRASE_FILE. A key file that is lost has to come from its backup.")
{
    private string _good = "";

    public override string Good => _good;

    public override IEnumerable<Finding> Look(CheckContext context)
    {
        List<ProtectorRow> rows = new ProtectorTable(context.Database).List();
        IReadOnlyList<(ProtectorRow Row, string? Problem)> tried = new ProtectorRing(new ProtectorSite(context.StoreId, context.Location), context.Options).Try(rows);
        List<string> works = [.. tried.Where(t => t.Problem is null).Select(t => t.Row.Name)];
        _good = works.Count > 0 ? $"{string.Join(", ", works)}: opens the store here." : "The store was unlocked with a passphrase.";
        bool isLost = works.Count == 0 && context.Key is null;
        foreach ((ProtectorRow row, string? problem) in tried.Where(t => t.Problem is not null && (isLost || t.Row.Kind != KeyProtectorKind.Passphrase)))
        {
            yield return new Finding(problem!, IsWarning: !isLost);
        }

        if (isLost && rows.Count == 0)
        {
            yield return new Finding("The store has no protector any more: nobody can read its secrets.");
        }
        else if (rows.All(row => row.Kind != KeyProtectorKind.Passphrase))
        {
            yield return new Finding("There is no passphrase for recovery: when the machine or the key file is lost, so are the secrets. Add-KmKeyProtector -Passphrase adds one.", IsWarning: true);
        }
    }
}
