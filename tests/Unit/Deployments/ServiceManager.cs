using System;
using System.IO;
using System.Linq;
using Xunit;

namespace KeyManager.Tests.Deployments;

/// <summary>A systemctl that knows one unit and does with it what systemd does: only what runs is reloaded.</summary>
internal sealed class ServiceManager
{
    private readonly string _path;

    /// <param name="folder">For its script.</param>
    /// <param name="unit">Name of the unit.</param>
    /// <param name="isActive">Shell command that succeeds while the service runs.</param>
    /// <param name="start">Shell command of ExecStart.</param>
    /// <param name="reload">Shell commands of ExecReload.</param>
    public ServiceManager(string folder, string unit, string isActive, string start, string reload)
    {
        _path = Path.Combine(folder, "systemctl");
        File.WriteAllText(_path, $$"""
            [ "$2" = '{{unit}}' ] || { echo "Unit $2.service not found." >&2; exit 5; }
            active() { {{isActive}}; }
            case "$1" in
              reload) active || { echo "$2.service is not active, cannot reload." >&2; exit 1; } ;;
              reload-or-restart) active || { {{start}}; exit; } ;;
              *) echo "Unknown command verb $1." >&2; exit 1 ;;
            esac
            {{reload}}

            """);
    }

    /// <summary>The ExecReload lines of a unit of Debian, as one command for the shell.</summary>
    public static string ExecReload(string unit)
    {
        string[] lines = [.. File.ReadLines($"/lib/systemd/system/{unit}.service").Where(line => line.StartsWith("ExecReload=", StringComparison.Ordinal)).Select(line => line.Substring("ExecReload=".Length))];
        Assert.NotEmpty(lines);
        return string.Join(" && ", lines);
    }

    /// <summary>A recipe's command, with this in the place of systemctl.</summary>
    public string Adapt(string? command)
    {
        Assert.StartsWith("systemctl ", command, StringComparison.Ordinal);
        return $"sh '{_path}' {command!.Substring("systemctl ".Length)}";
    }
}
