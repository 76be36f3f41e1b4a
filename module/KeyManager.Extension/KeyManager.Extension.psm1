# What SecretManagement calls where a vault is registered with the module KeyManager. It is loaded with every import of that module, so what the functions do lies in
# Vault.ps1, which is read when one is called.

function Get-Secret {
    [CmdletBinding()]
    param([string] $Name, [string] $VaultName, [hashtable] $AdditionalParameters = @{})
    . $PSScriptRoot/Vault.ps1
    Read-VaultSecret $Name $AdditionalParameters
}

function Get-SecretInfo {
    [CmdletBinding()]
    param([string] $Filter, [string] $VaultName, [hashtable] $AdditionalParameters = @{})
    . $PSScriptRoot/Vault.ps1
    Read-VaultInfo $Filter $VaultName $AdditionalParameters
}

function Set-Secret {
    [CmdletBinding()]
    param([string] $Name, [object] $Secret, [string] $VaultName, [hashtable] $AdditionalParameters = @{})
    . $PSScriptRoot/Vault.ps1
    Write-VaultSecret $Name $Secret $AdditionalParameters
}

function Remove-Secret {
    [CmdletBinding()]
    param([string] $Name, [string] $VaultName, [hashtable] $AdditionalParameters = @{})
    throw "'$Name' is not removed through the vault: a secret goes with what it belongs to, for example with Remove-KmDnsAccount."
}

function Test-SecretVault {
    [CmdletBinding()]
    param([string] $VaultName, [hashtable] $AdditionalParameters = @{})
    . $PSScriptRoot/Vault.ps1
    Test-Vault $VaultName $AdditionalParameters
}

function Unlock-SecretVault {
    [CmdletBinding()]
    param([securestring] $Password, [string] $VaultName, [hashtable] $AdditionalParameters = @{})
    . $PSScriptRoot/Vault.ps1
    Unlock-Vault $Password $AdditionalParameters
}
