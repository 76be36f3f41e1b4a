using System;
using System.Linq;
using System.Management.Automation;
using System.Reflection;

namespace KeyManager.PowerShell;

/// <summary>
/// When -Force takes the place of the prompt: on a cmdlet of high impact, unless -Confirm was given too, and never under -WhatIf.
/// </summary>
internal static class ForceRule
{
    public static bool Applies(PSCmdlet cmdlet) =>
        IsHighImpact(cmdlet.GetType())
        && Switch(cmdlet, "Force") == true
        && Switch(cmdlet, "Confirm") != true
        && !IsWhatIf(cmdlet);

    /// <summary>True when -Force or -Confirm:$false was given, so that a question beside -WhatIf and -Confirm is not asked.</summary>
    public static bool IsForced(PSCmdlet cmdlet) => Switch(cmdlet, "Force") == true || Switch(cmdlet, "Confirm") == false;

    /// <summary>True for a cmdlet whose -Force takes the place of the prompt.</summary>
    public static bool IsOffered(PSCmdlet cmdlet) => IsHighImpact(cmdlet.GetType());

    /// <summary>True for a cmdlet that changes something and is not under -WhatIf.</summary>
    public static bool MayChange(PSCmdlet cmdlet) =>
        cmdlet.GetType().GetCustomAttributes<CmdletAttribute>(inherit: true).Any(a => a.SupportsShouldProcess) && !IsWhatIf(cmdlet);

    private static bool IsHighImpact(Type type) =>
        type.GetCustomAttributes<CmdletAttribute>(inherit: true).Any(a => a.ConfirmImpact == ConfirmImpact.High);

    // -WhatIf:$false wins over the preference; else the preference counts, as in ShouldProcess itself.
    private static bool IsWhatIf(PSCmdlet cmdlet) =>
        Switch(cmdlet, "WhatIf") ?? LanguagePrimitives.IsTrue(cmdlet.GetVariableValue("WhatIfPreference"));

    private static bool? Switch(PSCmdlet cmdlet, string name) =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue(name, out object value) ? LanguagePrimitives.IsTrue(value) : null;
}
