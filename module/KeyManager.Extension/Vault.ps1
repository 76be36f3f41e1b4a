# What the functions of the vault do. SecretManagement calls them in a session of its own, so nothing here can count on what the user's session has; where the store is
# comes with -VaultParameters @{ StorePath = '...' }, else from KM_STORE or the defaults.

Set-StrictMode -Version 3

function Get-StoreParameter([hashtable] $AdditionalParameters) {
    $unknown = @($AdditionalParameters.Keys | Where-Object { $_ -notin 'StorePath', 'Verbose' })
    if ($unknown.Count -gt 0) {
        throw "A vault of KeyManager has no parameter '$($unknown[0])'. Register it again: Register-SecretVault -Name NAME -ModuleName KeyManager -VaultParameters @{ StorePath = 'PATH' }."
    }

    $store = @{}
    if ($AdditionalParameters.ContainsKey('StorePath')) { $store.StorePath = [string] $AdditionalParameters.StorePath }
    if ($AdditionalParameters.ContainsKey('Verbose')) { $store.Verbose = [bool] $AdditionalParameters.Verbose }
    $store
}

# Exactly the one with this name, which may have the * of a wildcard certificate in it.
function Find-StoredSecret([string] $Name, [hashtable] $Store) {
    Get-KmSecret -Name $Name @Store -ErrorAction SilentlyContinue | Where-Object Name -EQ $Name | Select-Object -First 1
}

function Read-VaultSecret {
    param([string] $Name, [hashtable] $AdditionalParameters)

    $store = Get-StoreParameter $AdditionalParameters
    $found = Find-StoredSecret $Name $store
    if (-not $found) { return }

    # SecretManagement runs one vault at a time, so that this one cannot ask the other.
    if ($found.VaultName) { throw "'$Name' lies in another vault; get it there: Get-Secret -Vault '$($found.VaultName)' -Name '$($found.VaultSecretName)'." }
    Get-KmSecret -Name $found.Name -AsSecureString @store -ErrorAction Stop
}

function Read-VaultInfo {
    param([string] $Filter, [string] $VaultName, [hashtable] $AdditionalParameters)

    $store = Get-StoreParameter $AdditionalParameters
    $pattern = if ([string]::IsNullOrEmpty($Filter)) { '*' } else { $Filter }
    $found = if ([WildcardPattern]::ContainsWildcardCharacters($pattern)) { Get-KmSecret @store -ErrorAction Stop | Where-Object Name -Like $pattern } else { Find-StoredSecret $pattern $store }
    foreach ($secret in $found) {
        $about = @{ Kind = "$($secret.Kind)"; Owner = $secret.Owner; Setting = $secret.Setting }
        if ($secret.VaultName) { $about.VaultName, $about.VaultSecretName = $secret.VaultName, $secret.VaultSecretName }
        [Microsoft.PowerShell.SecretManagement.SecretInformation]::new($secret.Name, [Microsoft.PowerShell.SecretManagement.SecretType]::SecureString, $VaultName, $about)
    }
}

# A secret that is there gets another value, as the command for its owner would give it: checked, and in the audit trail. New ones come with their owner only.
function Write-VaultSecret {
    param([string] $Name, [object] $Secret, [hashtable] $AdditionalParameters)

    $store = Get-StoreParameter $AdditionalParameters
    $found = Find-StoredSecret $Name $store
    if (-not $found) { throw "The store has no secret '$Name'. A secret comes with what it belongs to, for example with New-KmDnsAccount; Get-KmSecret lists those that are there." }

    $value = switch ($Secret) {
        { $_ -is [securestring] } { $_; break }
        { $_ -is [pscredential] } { $_.Password; break }
        { $_ -is [string] } { ConvertTo-Secret $_; break }
        default { throw "The secret '$Name' is text; a $($Secret.GetType().Name) cannot take its place." }
    }

    $table, $entry = $found.Setting.Split([char[]] '.', 2)
    $setting = if ($entry) { @{ $table = @{ $entry = $value } } } else { @{ $table = $value } }
    $change = @{ Confirm = $false; ErrorAction = 'Stop' }
    switch ("$($found.Kind)") {
        'DnsAccount' { $null = Set-KmDnsAccount -Name $found.Owner @setting @change @store }
        'DomainMapping' { $null = Set-KmDomainMapping -DomainName $found.Owner @setting @change @store }
        'DeployTarget' { $null = Set-KmDeployTarget -Name $found.Owner @setting @change @store }
        'Account' {
            if ($found.Setting -ne 'AuthToken') { throw "The key of an account is not set but replaced at its authority: Set-KmAccount $($found.Owner) -ChangeKey." }
            $null = Set-KmAccount -Name $found.Owner @setting @change @store
        }
        'NotificationPolicy' {
            if ($found.Setting -eq 'Password') {
                $policy = Get-KmNotificationPolicy -Name $found.Owner @store -ErrorAction Stop
                $setting = @{ Credential = [pscredential]::new($policy.UserName, $value) }
            }

            $null = Set-KmNotificationPolicy -Name $found.Owner @setting @change @store
        }
        default { throw "'$Name' is not set through the vault: a key comes with an order or Import-KmPrivateKey, a keystore's password with Export-KmCertificate." }
    }
}

function ConvertTo-Secret([string] $Text) {
    $secure = [securestring]::new()
    foreach ($character in $Text.ToCharArray()) { $secure.AppendChar($character) }
    $secure
}

function Test-Vault {
    param([string] $VaultName, [hashtable] $AdditionalParameters)

    $store = Get-StoreParameter $AdditionalParameters
    try {
        $null = Get-KmSecret -Kind DnsAccount, Account @store -ErrorAction Stop
        $true
    } catch {
        Write-Error -Message "The vault '$VaultName' does not open: $_" -Category ResourceUnavailable
        $false
    }
}

function Unlock-Vault {
    param([securestring] $Password, [hashtable] $AdditionalParameters)

    $store = Get-StoreParameter $AdditionalParameters
    $null = Unlock-KmStore -Passphrase $Password @store -ErrorAction Stop
}
