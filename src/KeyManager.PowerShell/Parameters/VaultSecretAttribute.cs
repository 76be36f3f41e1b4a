using System;
using System.Collections;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Security;

namespace KeyManager.PowerShell;

/// <summary>
/// Lets a parameter for a secret take one that lies in a vault of SecretManagement: what Get-SecretInfo writes, or <c>@{ Vault = 'Corp'; Name = 'token' }</c>.
/// The parameter then gets the place in the form in which it is stored.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class VaultSecretAttribute : ArgumentTransformationAttribute
{
    private const string SecretInformation = "Microsoft.PowerShell.SecretManagement.SecretInformation";

    private const string Form = "@{ Vault = 'name of the vault'; Name = 'name of the secret' }";

    /// <summary>The parameter takes a user name with the secret: <c>@{ UserName = 'mailer'; Vault = 'Corp'; Name = 'smtp' }</c>.</summary>
    public bool IsCredential { get; set; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        SecureString? secret = Read(inputData) ?? (Unwrap(inputData) is IDictionary table ? Read(table) : null);
        if (secret is null)
        {
            return inputData;
        }

        if (!IsCredential)
        {
            return secret;
        }

        string? user = Unwrap(inputData) is IDictionary named ? Text(named, "UserName") : null;
        return user is null ? throw new ArgumentTransformationMetadataException($"The user name is missing; write @{{ UserName = 'name'; {Form.Substring(3)}.") : new PSCredential(user, secret);
    }

    /// <summary>The place of a secret that Get-SecretInfo wrote, as a parameter takes it; <c>null</c> when it is something else.</summary>
    internal static SecureString? Read(object? value)
    {
        PSObject? info = value is null ? null : PSObject.AsPSObject(value);
        return info?.BaseObject.GetType().FullName == SecretInformation
            ? ToSecret(info.Properties["VaultName"]?.Value as string, info.Properties["Name"]?.Value as string)
            : null;
    }

    private SecureString Read(IDictionary table)
    {
        object? unknown = table.Keys.Cast<object>().FirstOrDefault(key => !Is(key, "Vault", "VaultName", "Name", IsCredential ? "UserName" : "Name"));
        return unknown is null
            ? ToSecret(Text(table, "Vault", "VaultName"), Text(table, "Name"))
            : throw new ArgumentTransformationMetadataException($"'{unknown}' says nothing about a secret in a vault; write {Form}.");
    }

    private static SecureString ToSecret(string? vault, string? name)
    {
        return vault is not null && name is not null && IsName(vault) && IsName(name)
            ? new SecretReference(vault, name).Text.ToSecureString()
            : throw new ArgumentTransformationMetadataException($"A secret in a vault needs the name of the vault and its own; write {Form}.");
    }

    private static bool IsName(string text) => text.Trim().Length > 0 && text.IndexOf('\0') < 0;

    private static string? Text(IDictionary table, params string[] names) =>
        table.Keys.Cast<object>().Where(key => Is(key, names)).Select(key => Convert.ToString(table[key], CultureInfo.InvariantCulture)).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));

    private static bool Is(object key, params string[] names) => names.Contains(Convert.ToString(key, CultureInfo.InvariantCulture), StringComparer.OrdinalIgnoreCase);

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
