using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using KeyManager.PowerShell;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Conventions;

/// <summary>What every cmdlet keeps to. A failure names the cmdlet and says what would be right.</summary>
public sealed partial class CmdletConventionTests
{
    // Verbs of cmdlets that change nothing in the world: they read, compare, wait, or open what is there for this process alone.
    private static readonly string[] HarmlessVerbs =
        [VerbsCommon.Get, VerbsCommon.Find, VerbsDiagnostic.Test, VerbsLifecycle.Wait, VerbsCommon.Lock, VerbsCommon.Unlock];

    private static readonly string[] HighImpactVerbs =
    [
        VerbsCommon.Remove, VerbsSecurity.Revoke, VerbsLifecycle.Disable, VerbsLifecycle.Stop, VerbsLifecycle.Unregister, VerbsLifecycle.Uninstall,
        VerbsData.Restore,
    ];

    // Nouns where cmdlets.md does not mark the verb: what they take away is quickly made again, and nothing depends on it at once.
    private static readonly string[] MildNouns =
    [
        "KmDnsAccount", "KmDeployTarget", "KmDomainMapping", "KmOrganization", "KmContact", "KmCsr", "KmRenewalPolicy", "KmNotificationPolicy",
    ];

    private static readonly string[] MildCmdlets = ["Uninstall-KmCertificate"];

    private static readonly Type[] Cmdlets =
        [.. typeof(KmCmdlet).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Cmdlet)) && !t.IsAbstract)];

    private static readonly HashSet<string> ApprovedVerbs =
    [
        .. typeof(VerbsCommon).Assembly.GetTypes()
            .Where(t => t.Name.StartsWith("Verbs", StringComparison.Ordinal))
            .SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Select(f => (string)f.GetRawConstantValue()!),
    ];

    [Fact]
    public void The_verb_is_approved_in_Windows_PowerShell() =>
        AssertNone(c => !ApprovedVerbs.Contains(Meta(c).VerbName), c => $"{Name(c)}: '{Meta(c).VerbName}' is no verb of 5.1; see Get-Verb.");

    [Fact]
    public void The_noun_is_singular_and_begins_with_Km() => AssertNone(
        c => !Meta(c).NounName.StartsWith("Km", StringComparison.Ordinal) || (Meta(c).NounName.EndsWith('s') && !Meta(c).NounName.EndsWith("ss", StringComparison.Ordinal)),
        c => $"{Name(c)}: the noun must read Km and a singular.");

    [Fact]
    public void The_class_and_the_file_are_named_after_the_cmdlet()
    {
        HashSet<string> files = [.. Repository.Sources("src", "KeyManager.PowerShell", "Cmdlets").Select(f => Path.GetFileName(f))];
        AssertNone(
            c => c.Name != Meta(c).VerbName + Meta(c).NounName + "Command" || c.Namespace != "KeyManager.Commands" || !files.Contains(Meta(c).VerbName + Meta(c).NounName + ".cs"),
            c => $"{Name(c)}: the class is KeyManager.Commands.{Meta(c).VerbName}{Meta(c).NounName}Command in Cmdlets/<Area>/{Meta(c).VerbName}{Meta(c).NounName}.cs.");
    }

    [Fact]
    public void Every_cmdlet_stands_on_the_base() =>
        AssertNone(c => !c.IsSubclassOf(typeof(KmCmdlet)) || !c.IsSealed || !c.IsPublic, c => $"{Name(c)}: derive public sealed from KmCmdlet.");

    [Fact]
    public void What_changes_the_world_supports_WhatIf() => AssertNone(
        c => !HarmlessVerbs.Contains(Meta(c).VerbName) && !Meta(c).SupportsShouldProcess,
        c => $"{Name(c)}: add SupportsShouldProcess = true, and ask pipeline.ShouldProcessAsync per item.");

    [Fact]
    public void What_cannot_be_undone_has_high_impact_and_a_Force() => AssertNone(
        c => IsMarkedHigh(c) && (Meta(c).ConfirmImpact != ConfirmImpact.High || !Parameters(c).Any(p => p.Name == "Force")),
        c => $"{Name(c)}: add ConfirmImpact = ConfirmImpact.High and a switch -Force.");

    [Fact]
    public void Confirm_impact_means_something() => AssertNone(
        c => Meta(c).ConfirmImpact == ConfirmImpact.High && !Meta(c).SupportsShouldProcess,
        c => $"{Name(c)}: ConfirmImpact without SupportsShouldProcess is never asked.");

    [Fact]
    public void Unattended_renewal_never_prompts() => AssertNone(
        c => Name(c) is "Invoke-KmRenewal" or "Update-KmCertificate" && Meta(c).ConfirmImpact == ConfirmImpact.High,
        c => $"{Name(c)} runs in scheduled tasks: Medium at most.");

    [Fact]
    public void A_secret_is_never_a_string() => AssertNone(
        c => Parameters(c).Any(IsSecretString),
        c => $"{Name(c)}: take SecureString or PSCredential for {string.Join(", ", Parameters(c).Where(IsSecretString).Select(p => "-" + p.Name))}.");

    [Fact]
    public void The_output_type_is_declared() => AssertNone(
        c => !c.IsDefined(typeof(OutputTypeAttribute)) && !IsSilent(c),
        c => $"{Name(c)}: add [OutputType(typeof(...))] (typeof(void) when it writes nothing).");

    [Fact]
    public void Parameters_of_one_set_have_different_positions() => AssertNone(
        c => Sets(c).Any(set => ParametersOf(c, set).Where(p => p.Position >= 0).GroupBy(p => p.Position).Any(g => g.Count() > 1)),
        c => $"{Name(c)}: two parameters of one set share a position.");

    [Fact]
    public void One_parameter_of_a_set_takes_the_pipeline_by_value() => AssertNone(
        c => Sets(c).Any(set => ParametersOf(c, set).Count(p => p.ValueFromPipeline) > 1),
        c => $"{Name(c)}: only one parameter of a set may be ValueFromPipeline.");

    [Fact]
    public void The_default_set_exists() => AssertNone(
        c => Meta(c).DefaultParameterSetName is { Length: > 0 } set && !Sets(c).Contains(set),
        c => $"{Name(c)}: DefaultParameterSetName '{Meta(c).DefaultParameterSetName}' is the name of no set.");

    [Fact]
    public void Ambiguous_sets_have_a_default() => AssertNone(
        c => Sets(c).Count(s => s != ParameterAttribute.AllParameterSets) > 1 && string.IsNullOrEmpty(Meta(c).DefaultParameterSetName),
        c => $"{Name(c)}: name the DefaultParameterSetName.");

    [Fact]
    public void Only_the_base_opens_services_and_writes() => AssertNone(
        c => new[] { "BeginProcessing", "ProcessRecord", "EndProcessing", "StopProcessing" }
            .Any(m => c.GetMethod(m, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly) is not null),
        c => $"{Name(c)}: override the Async methods.");

    [Fact]
    public void The_manifest_lists_exactly_the_cmdlets() =>
        Assert.Equal(Cmdlets.Select(Name).Order(StringComparer.Ordinal), ManifestList().Order(StringComparer.Ordinal));

    private static IEnumerable<string> ManifestList()
    {
        string manifest = File.ReadAllText(Repository.File("module", "KeyManager.psd1"));
        string list = CmdletList().Match(manifest).Groups["list"].Value;
        return QuotedName().Matches(list).Select(m => m.Groups[1].Value);
    }

    private static bool IsMarkedHigh(Type cmdlet) =>
        HighImpactVerbs.Contains(Meta(cmdlet).VerbName) && !MildNouns.Contains(Meta(cmdlet).NounName) && !MildCmdlets.Contains(Name(cmdlet));

    private static bool IsSecretString(PropertyInfo property) =>
        (property.PropertyType == typeof(string) || property.PropertyType == typeof(string[])) && SecretName().IsMatch(property.Name);

    private static bool IsSilent(Type cmdlet) => Meta(cmdlet).VerbName is "Remove" or "Lock" or "Uninstall" or "Unregister";

    private static IEnumerable<PropertyInfo> Parameters(Type cmdlet) => cmdlet.GetProperties().Where(p => p.IsDefined(typeof(ParameterAttribute)));

    private static List<string> Sets(Type cmdlet) =>
        [.. Parameters(cmdlet).SelectMany(p => p.GetCustomAttributes<ParameterAttribute>()).Select(a => a.ParameterSetName).Distinct()];

    private static IEnumerable<ParameterAttribute> ParametersOf(Type cmdlet, string set) => Parameters(cmdlet)
        .Select(p => p.GetCustomAttributes<ParameterAttribute>().ToList())
        .Select(uses => uses.Find(u => u.ParameterSetName == set) ?? uses.Find(u => u.ParameterSetName == ParameterAttribute.AllParameterSets))
        .OfType<ParameterAttribute>();

    private static CmdletAttribute Meta(Type cmdlet) => cmdlet.GetCustomAttribute<CmdletAttribute>()!;

    private static string Name(Type cmdlet) => Meta(cmdlet).VerbName + "-" + Meta(cmdlet).NounName;

    private static void AssertNone(Func<Type, bool> wrong, Func<Type, string> say) => Assert.Empty(Cmdlets.Where(wrong).Select(say));

    [GeneratedRegex(@"CmdletsToExport\s*=\s*@\((?<list>[^)]*)\)")]
    private static partial Regex CmdletList();

    [GeneratedRegex(@"'([^']+)'")]
    private static partial Regex QuotedName();

    // AuthToken, AccessKey, EabKey, KeystorePassword; not EabKeyId, KeyAlgorithm, PasswordPath or TokenSecretName.
    [GeneratedRegex("(Password|Passphrase|Secret|Token|AccessKey|EabKey|ApiKey|SharedKey|HmacKey|Pin)$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
