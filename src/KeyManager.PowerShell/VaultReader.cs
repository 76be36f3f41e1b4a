using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Security;
using System.Text;

namespace KeyManager.PowerShell;

/// <summary>Reads secrets from the vaults of SecretManagement, in the session of a cmdlet and on its thread; each once for a command.</summary>
internal sealed class VaultReader(PSCmdlet cmdlet, IPipeline pipeline) : ISecretVaults, IDisposable
{
    // An array is written as one thing, and what is no single value comes as its type's name.
    private const string Call =
        """
        param($vault, $name)
        $ErrorActionPreference = 'Stop'
        Import-Module Microsoft.PowerShell.SecretManagement
        $known = Microsoft.PowerShell.SecretManagement\Get-SecretVault | Where-Object Name -EQ $vault
        if (-not $known) { return 'NoVault' }
        if ($known.ModuleName -eq 'KeyManager') { return 'Ourselves' }
        $secret = Microsoft.PowerShell.SecretManagement\Get-Secret -Vault $vault -Name $name -ErrorAction SilentlyContinue -ErrorVariable problem
        if ($null -eq $secret) { return "Missing", "$($problem | Select-Object -First 1)" }
        'Found'
        if ($secret -is [byte[]]) { , $secret } else { $secret }
        """;

    private readonly object _gate = new();

    private readonly Dictionary<SecretReference, byte[]> _read = [];

    private readonly Dictionary<SecretReference, CredentialException> _refused = [];

    public byte[] Get(SecretReference reference)
    {
        // One at a time, and no second time: a vault that asks for its password asks once, also whoever gives none.
        lock (_gate)
        {
            if (_refused.TryGetValue(reference, out CredentialException? refusal))
            {
                throw refusal;
            }

            if (!_read.TryGetValue(reference, out byte[]? value))
            {
                try
                {
                    value = pipeline.InvokeAsync(() => Read(reference)).GetAwaiter().GetResult();
                }
                catch (CredentialException error)
                {
                    _refused.Add(reference, error);
                    throw;
                }

                _read.Add(reference, value);
            }

            return (byte[])value.Clone();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            SecretValues.Overwrite(_read.Values);
            _read.Clear();
        }
    }

    private byte[] Read(SecretReference reference)
    {
        Collection<PSObject> answer;
        try
        {
            answer = cmdlet.InvokeCommand.InvokeScript(Call, true, PipelineResultTypes.None, null, reference.VaultName, reference.Name);
        }
        catch (RuntimeException error) when (error is not PipelineStoppedException)
        {
            throw Unavailable(reference, error.ErrorRecord?.ToString() ?? error.Message, "Install SecretManagement where it is missing: Install-Module Microsoft.PowerShell.SecretManagement. Then try: Test-SecretVault " + reference.VaultName, error);
        }

        return answer[0]?.BaseObject as string switch
        {
            "Found" => Bytes(reference, answer[1].BaseObject),
            "NoVault" => throw Unavailable(reference, $"no vault '{reference.VaultName}' is registered for this user", $"Vaults are registered user by user: Register-SecretVault -Name {reference.VaultName} ..., as the user that runs this."),
            "Ourselves" => throw Unavailable(reference, "that vault looks into a store of KeyManager", "Name a secret in another vault, or store the secret itself."),
            _ when answer.Count > 1 && Text(answer[1]).Length > 0 && !IsNotFound(Text(answer[1])) => throw Unavailable(reference, Text(answer[1]), $"Unlock-SecretVault {reference.VaultName} where it has a password; Test-SecretVault {reference.VaultName} tells more."),
            _ => throw new CredentialException(ErrorIds.VaultSecretNotFound, $"The vault '{reference.VaultName}' has no secret '{reference.Name}'.")
            {
                Target = reference.Name,
                Remedy = $"Get-SecretInfo -Vault {reference.VaultName} lists its secrets.",
                ConcernsAccount = true,
            },
        };
    }

    private static string Text(PSObject? line) => line?.ToString() ?? "";

    private static bool IsNotFound(string message) => message.EndsWith("was not found.", StringComparison.Ordinal);

    private static byte[] Bytes(SecretReference reference, object secret)
    {
        switch (secret)
        {
            case byte[] bytes:
                return bytes;
            case SecureString text:
                return Utf8(text);
            case PSCredential credential:
                return Utf8(credential.Password);
            default:
                throw new CredentialException(ErrorIds.VaultSecretNotFound, $"The secret {reference} is no single value but a {secret.GetType().Name}.")
                {
                    Target = reference.Name,
                    Remedy = "Store what is needed as a secret of its own: Set-Secret.",
                    ConcernsAccount = true,
                };
        }
    }

    private static byte[] Utf8(SecureString text)
    {
        using SecretText opened = new(text);
        return Encoding.UTF8.GetBytes(opened.Characters);
    }

    private static CredentialException Unavailable(SecretReference reference, string cause, string remedy, Exception? inner = null) =>
        new(ErrorIds.VaultUnavailable, $"The secret {reference} cannot be read: {cause.TrimEnd('.')}.", inner) { Target = reference.Name, Remedy = remedy, ConcernsAccount = true };
}
