#requires -Version 5.1
# SecretManagement both ways: secrets of accounts that lie in a registered vault, and our secrets as a vault. SecretStore is the other vault. Vaults are registered
# user by user, so everything happens in processes with a home of their own.

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    $missing = @('Microsoft.PowerShell.SecretManagement', 'Microsoft.PowerShell.SecretStore' | Where-Object { -not (Get-Module $_ -ListAvailable) })
    $noVaults = $missing.Count -gt 0 -or -not $IsLinux
    if ($noVaults) { Write-Warning "Vaults: skipped; they need Linux, and the modules: $($missing -join ', ')" }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
}

AfterAll {
    Stop-KmTest
}

Describe 'Vaults' -Skip:$noVaults {
    BeforeAll {
        $folder = Start-KmTest $TestDrive
        $store = $env:KM_STORE
        $userHome = Join-Path $folder 'home'
        # A vault is registered by the folder of its module, which has its name only where it is installed.
        $modules = Join-Path $folder 'modules'
        $null = New-Item -ItemType Directory $userHome, $modules
        $null = New-Item -ItemType SymbolicLink (Join-Path $modules KeyManager) -Target (Split-Path (Get-ManifestPath))

        # Runs a script as that user; answers what it writes.
        function Invoke-AsUser([string] $Script) {
            $before = $env:HOME, $env:PSModulePath
            $env:HOME, $env:PSModulePath = $userHome, "$modules$([IO.Path]::PathSeparator)$($env:PSModulePath)"
            try { Invoke-OtherProcess "`$ErrorActionPreference = 'Stop'; $Script" } finally { $env:HOME, $env:PSModulePath = $before }
        }

        Invoke-AsUser @"
Register-SecretVault Corp -ModuleName Microsoft.PowerShell.SecretStore
Set-SecretStoreConfiguration -Authentication None -Interaction None -Confirm:`$false -Password (ConvertTo-SecureString unused -AsPlainText)
Set-Secret cf-token -Vault Corp -Secret 'canary-of-the-vault-0123456789abcdefghij'
Set-Secret table -Vault Corp -Secret @{ a = 'b' }
Set-Secret hook -Vault Corp -Secret 'https://hooks.contoso.test/canary'
Register-SecretVault Km -ModuleName KeyManager -VaultParameters @{ StorePath = '$store' }
"@ | Should -BeNullOrEmpty
    }

    It 'takes a secret of an account from a vault, and keeps only where it is' {
        $account = Invoke-AsUser "New-KmDnsAccount cf Cloudflare -ApiToken (Get-SecretInfo cf-token -Vault Corp) -WarningAction SilentlyContinue | ForEach-Object Secrets; Get-KmSecret | ForEach-Object { `"`$(`$_.Name) `$(`$_.VaultName) `$(`$_.VaultSecretName)`" }"
        $account | Should -Be 'ApiToken', 'dns/cf/ApiToken Corp cf-token'
        Invoke-AsUser "Get-KmSecret dns/cf/ApiToken -AsSecureString | ConvertFrom-SecureString -AsPlainText" | Should -Be 'canary-of-the-vault-0123456789abcdefghij'
    }

    It 'says at once what is wrong with the place: <case>' -ForEach @(
        @{ case = 'a name'; place = "@{ Vault = 'Corp'; Name = 'typo' }"; id = 'KmVaultSecretNotFound'; says = "The vault 'Corp' has no secret 'typo'." }
        @{ case = 'a vault'; place = "@{ Vault = 'Nope'; Name = 'typo' }"; id = 'KmVaultUnavailable'; says = "no vault 'Nope' is registered for this user." }
        @{ case = 'a table'; place = "@{ Vault = 'Corp'; Name = 'table' }"; id = 'KmVaultSecretNotFound'; says = 'is no single value but a Hashtable.' }
        @{ case = 'ourselves'; place = "@{ Vault = 'Km'; Name = 'dns/cf/ApiToken' }"; id = 'KmVaultUnavailable'; says = 'that vault looks into a store of KeyManager.' }
        @{ case = 'a misspelt key'; place = "@{ Vault = 'Corp'; Nme = 'typo' }"; id = 'ParameterArgumentTransformationError'; says = "'Nme' says nothing about a secret in a vault; write @{ Vault = 'name of the vault'; Name = 'name of the secret' }." }
        @{ case = 'plain text'; place = "'plain'"; id = 'CannotConvertArgumentNoMessage'; says = '"System.Security.SecureString".' }
    ) {
        $said = Invoke-AsUser "try { New-KmDnsAccount other Cloudflare -ApiToken $place } catch { (`$_.FullyQualifiedErrorId -split ',')[0]; `"`$_`" }"
        $said[0] | Should -Be $id
        "$($said[1])" | Should -BeLike "*$([WildcardPattern]::Escape($says))"
        Invoke-AsUser '(Get-KmDnsAccount).Name' | Should -Be cf
    }

    It 'reads it when it is needed, and says what is wrong as another user' {
        # Cloudflare is not asked: the vault comes before the connection.
        $said = Invoke-OtherProcess "`$env:HOME = '$folder'; Test-KmDnsAccount cf -DomainName contoso.test -ErrorAction SilentlyContinue -ErrorVariable e | ForEach-Object { `$_.Problem }; `$e | ForEach-Object { `"`$_`" }"
        "$said" | Should -Match "'cf-token' of the vault 'Corp' cannot be read: no vault 'Corp' is registered for this user"
    }

    It 'takes the address of a webhook and the password of a mail server from a vault' {
        $policies = Invoke-AsUser "(Set-KmNotificationPolicy hooks -Channel Slack -Url @{ Vault = 'Corp'; Name = 'hook' }).WebhookHost; (Set-KmNotificationPolicy mail -To a@contoso.test -SmtpServer mail.contoso.test -Credential @{ UserName = 'mailer'; Vault = 'Corp'; Name = 'hook' }).UserName"
        $policies | Should -Be 'hooks.contoso.test', 'mailer'
    }

    It 'is a vault itself' {
        $null = New-KmAccount private
        $null = New-KmCertificateOrder *.contoso.test -KeystorePassword (New-Password 'canary-keystore') | Invoke-KmChallenge
        $names = Invoke-AsUser "Test-SecretVault Km; (Get-SecretInfo -Vault Km).Name; (Get-SecretInfo -Vault Km 'certificate/*').Count; (Get-SecretInfo dns/cf/ApiToken -Vault Km).Metadata.VaultSecretName"
        $names | Should -Be 'True', 'certificate/*.contoso.test/KeystorePassword', 'certificate/*.contoso.test/PrivateKey', 'dns/cf/ApiToken', 'notice/hooks/Url', 'notice/mail/Password', '2', 'cf-token'
        Invoke-AsUser "Get-Secret 'certificate/*.contoso.test/KeystorePassword' -Vault Km -AsPlainText" | Should -Be canary-keystore
        (Invoke-AsUser "Get-Secret 'certificate/*.contoso.test/PrivateKey' -Vault Km -AsPlainText") -join "`n" | Should -Match '^-----BEGIN PRIVATE KEY-----'
        @(Get-KmAuditEvent | Where-Object Action -EQ SecretRead).SubjectName | Should -Contain 'certificate/*.contoso.test/PrivateKey'
        (Invoke-AsUser "try { Get-Secret dns/cf/ApiToken -Vault Km } catch { `"`$(`$_.Exception.InnerException.Message)`" }") | Should -Be "'dns/cf/ApiToken' lies in another vault; get it there: Get-Secret -Vault 'Corp' -Name 'cf-token'."
        (Invoke-AsUser "try { Get-Secret dns/cf/None -Vault Km } catch { `"`$_`" }") | Should -Be 'The secret dns/cf/None was not found.'
    }

    It 'sets a secret that is there, with the checks of its own command, and removes none' {
        Invoke-AsUser "Set-Secret dns/cf/ApiToken -Vault Km -Secret 'canary-set-through-the-vault-0123456789abc'; Get-Secret dns/cf/ApiToken -Vault Km -AsPlainText" | Should -Be 'canary-set-through-the-vault-0123456789abc'
        Invoke-AsUser "Set-Secret notice/mail/Password -Vault Km -Secret 'canary-mail'; Get-Secret notice/mail/Password -Vault Km -AsPlainText; (Get-KmNotificationPolicy mail).UserName" | Should -Be 'canary-mail', 'mailer'
        foreach ($refused in @(
                @{ command = "Set-Secret dns/none/ApiToken -Vault Km -Secret x"; says = "has no secret 'dns/none/ApiToken'" }
                @{ command = "Set-Secret notice/hooks/Url -Vault Km -Secret 'no address'"; says = 'is no address with https' }
                @{ command = "Set-Secret 'certificate/*.contoso.test/PrivateKey' -Vault Km -Secret x"; says = 'is not set through the vault' }
                @{ command = "Set-Secret dns/cf/ApiToken -Vault Km -Secret @{ a = 'b' }"; says = 'cannot take its place' }
                @{ command = 'Remove-Secret dns/cf/ApiToken -Vault Km'; says = 'goes with what it belongs to' }
            )) {
            (Invoke-AsUser "try { $($refused.command) } catch { `"`$_ `$(`$_.Exception.InnerException.Message)`" }") -join ' ' | Should -Match $refused.says
        }
    }

    It 'unlocks with a passphrase, and tells a wrong one' {
        $null = Add-KmKeyProtector -Passphrase (New-Password 'correct horse battery')
        Get-KmKeyProtector | Where-Object Kind -EQ KeyFile | Remove-KmKeyProtector -Force
        $said = Invoke-AsUser "Test-SecretVault Km -ErrorAction SilentlyContinue; try { Unlock-SecretVault Km -Password (ConvertTo-SecureString wrong -AsPlainText) } catch { 'refused' }; Unlock-SecretVault Km -Password (ConvertTo-SecureString 'correct horse battery' -AsPlainText); Test-SecretVault Km"
        $said | Should -Be 'False', 'refused', 'True'
    }

    It 'leaves nothing of a secret in the store file' {
        $bytes = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($store))
        $bytes | Should -Not -Match 'canary'
    }
}

Describe 'The nested module' {
    It 'takes no name from anybody' {
        (Get-Module KeyManager).ExportedCommands.Keys | Should -Not -Contain 'Get-Secret'
        (Get-Module KeyManager).ExportedCommands.Keys | Where-Object { $_ -notmatch '-Km' } | Should -BeNullOrEmpty
    }
}
