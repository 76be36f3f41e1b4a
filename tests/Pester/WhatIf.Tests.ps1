#requires -Version 5.1
# Every cmdlet that changes something: with -WhatIf nothing changes, and without it something does, so that the first is worth something.

BeforeDiscovery {
    $manifest = Join-Path $PSScriptRoot '../../module/KeyManager.psd1'
    Import-Module $manifest
    # The manifest says which; a cmdlet without a line in the table below fails.
    $changing = Get-Command -Module KeyManager | Where-Object { $_.Parameters.ContainsKey('WhatIf') } | ForEach-Object { @{ name = $_.Name } }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force

    # How each is called. High impact: with -Force, because -WhatIf must win over it.
    $calls = @{
        'Add-KmKeyProtector' = { Add-KmKeyProtector KeyFile -KeyFilePath ./second.key @whatIf }
        'Backup-KmStore' = { Backup-KmStore ./backup.db @whatIf }
        'Disable-KmAccount' = { Disable-KmAccount private -Force @whatIf }
        'Disable-KmDnsAccount' = { Disable-KmDnsAccount bind @whatIf }
        'Enable-KmDnsAccount' = { Enable-KmDnsAccount off @whatIf }
        'Disable-KmRenewalPolicy' = { Disable-KmRenewalPolicy web @whatIf }
        'Enable-KmRenewalPolicy' = { Enable-KmRenewalPolicy paused @whatIf }
        'Export-KmAuditEvent' = { Export-KmAuditEvent ./audit.jsonl @whatIf }
        'Export-KmAccountCertificate' = { Export-KmAccountCertificate private ./root.crt @whatIf }
        'Export-KmCertificate' = { Export-KmCertificate www.contoso.test ./tls/ -Format Pem @whatIf }
        'Export-KmCsr' = { Export-KmCsr request.test ./request.csr @whatIf }
        'Export-KmPrivateKey' = { Export-KmPrivateKey request.test ./request.key -Force @whatIf }
        'Export-KmStore' = { Export-KmStore ./parts.km -Passphrase (New-Password 'four random words') @whatIf }
        'Import-KmStore' = { Import-KmStore ./guest.km -Passphrase (New-Password 'four random words') @whatIf }
        'Test-KmStore' = { Test-KmStore -Repair -Force @whatIf | Out-Null } # a sound store: nothing to mend; see Store.Tests.ps1
        'Find-KmCertificate' = { Find-KmCertificate -Path ./foreign.pfx -Password (New-Password right-password) -Add @whatIf | Out-Null } # -WhatIf looks all the same
        'Import-KmCertificate' = { Import-KmCertificate ./foreign.pfx -Password (New-Password right-password) @whatIf }
        'Export-KmReport' = { Export-KmReport Expiry ./report.html @whatIf }
        'Import-KmCsr' = { Import-KmCsr ./foreign.csr @whatIf }
        'Import-KmPrivateKey' = { Import-KmPrivateKey ./foreign.key @whatIf }
        'Initialize-KmStore' = { Initialize-KmStore ./another.db -KeyFilePath ./another.key @whatIf }
        'Invoke-KmChallenge' = { Invoke-KmChallenge open.test @whatIf }
        'Invoke-KmRenewal' = { Invoke-KmRenewal www.contoso.test -Force @whatIf | Out-Null } # -WhatIf answers the plan
        'Lock-KmStore' = { Lock-KmStore @whatIf }
        'New-KmAccount' = { New-KmAccount another @whatIf }
        'New-KmChallenge' = { New-KmChallenge failed.test @whatIf }
        'New-KmCertificateOrder' = { New-KmCertificateOrder another.test @whatIf }
        'New-KmContact' = { New-KmContact another -FirstName A -LastName B -Email a@contoso.com -Phone 1 @whatIf }
        'New-KmCsr' = { New-KmCsr another.test @whatIf }
        'New-KmDnsAccount' = { New-KmDnsAccount another Rfc2136 -Server 192.0.2.1 -WithoutKey @whatIf }
        'New-KmOrganization' = { New-KmOrganization another -LegalName Another @whatIf }
        'Publish-KmChallenge' = { Publish-KmChallenge proof.test @whatIf }
        'Remove-KmAccount' = { Remove-KmAccount waiting -Force @whatIf }
        'Remove-KmCertificate' = { Remove-KmCertificate www.contoso.test -Force @whatIf }
        'Remove-KmCertificateOrder' = { Remove-KmCertificateOrder open.test -Force @whatIf }
        'Remove-KmContact' = { Remove-KmContact ops @whatIf }
        'Remove-KmCsr' = { Remove-KmCsr request.test -Force @whatIf }
        'Remove-KmDnsAccount' = { Remove-KmDnsAccount bind -Force @whatIf }
        'Remove-KmDomainMapping' = { Remove-KmDomainMapping contoso.test @whatIf }
        'Remove-KmKeyProtector' = { Remove-KmKeyProtector spare -Force @whatIf }
        'Remove-KmNotificationPolicy' = { Remove-KmNotificationPolicy admins @whatIf }
        'Remove-KmOrganization' = { Remove-KmOrganization contoso @whatIf }
        'Remove-KmPrivateKey' = { Remove-KmPrivateKey $loose -Force @whatIf }
        'Remove-KmRenewalPolicy' = { Remove-KmRenewalPolicy web @whatIf }
        'Restore-KmStore' = { Restore-KmStore ./old.db -Force @whatIf }
        'Revoke-KmCertificate' = { Revoke-KmCertificate www.contoso.test -Force @whatIf }
        'Save-KmCertificate' = { Save-KmCertificate unsaved.test @whatIf }
        'Send-KmNotification' = { Send-KmNotification admins @whatIf }
        'Set-KmAccount' = { Set-KmAccount private -NewName renamed @whatIf }
        'Set-KmCertificate' = { Set-KmCertificate www.contoso.test -Owner Ann @whatIf }
        'Set-KmCertificateOrder' = { Set-KmCertificateOrder open.test -Owner Ann @whatIf }
        'Set-KmDnsAccount' = { Set-KmDnsAccount bind -Ttl 30 @whatIf }
        'Set-KmDomainMapping' = { Set-KmDomainMapping fabrikam.test bind @whatIf }
        'Set-KmContact' = { Set-KmContact ops -Title CTO @whatIf }
        'Set-KmNotificationPolicy' = { Set-KmNotificationPolicy admins -Event Failed @whatIf }
        'Set-KmOrganization' = { Set-KmOrganization contoso -City Berlin @whatIf }
        'Set-KmRenewalPolicy' = { Set-KmRenewalPolicy web -DaysBeforeExpiry 9 @whatIf }
        'Set-KmSetting' = { Set-KmSetting DefaultKeyAlgorithm Rsa @whatIf }
        'Stop-KmCertificateOrder' = { Stop-KmCertificateOrder open.test -Force @whatIf }
        'Submit-KmChallenge' = { Submit-KmChallenge proof.test @whatIf }
        'Install-KmCertificate' = { Install-KmCertificate www.contoso.test -DeployTarget here -Force @whatIf }
        'New-KmDeployTarget' = { New-KmDeployTarget there -Kind Local -FullChainPath ./deploy.crt -Endpoint None @whatIf }
        'Remove-KmDeployTarget' = { Remove-KmDeployTarget here -Force @whatIf }
        'Set-KmDeployTarget' = { Set-KmDeployTarget here -KeepVersions 5 @whatIf }
        'Uninstall-KmCertificate' = { Uninstall-KmCertificate www.contoso.test @whatIf }
        'Sync-KmCertificateOrder' = { Sync-KmCertificateOrder unsaved.test @whatIf }
        'Unlock-KmStore' = { Unlock-KmStore @whatIf }
        'Unpublish-KmChallenge' = { Unpublish-KmChallenge published.test @whatIf }
        'Update-KmCertificate' = { Update-KmCertificate www.contoso.test -Force @whatIf }
        'Update-KmStoreKey' = { Update-KmStoreKey -Force @whatIf }
        'Wait-KmCertificateOrder' = { Wait-KmCertificateOrder unsaved.test @whatIf }
    }

    # They ask the authority, and what they find was found before; or the store is sound already.
    $onlyLook = 'Sync-KmCertificateOrder', 'Wait-KmCertificateOrder', 'Test-KmStore'

    # They need an account with an authority elsewhere, a mail server, the scheduler of the machine, or lines of last month; the files named have their lines, and call them without -WhatIf too.
    $needServer = @{
        'Add-KmAccount' = 'Acme.Tests.ps1'
        'Export-KmAccountKey' = 'Acme.Tests.ps1'
        'Import-KmCertificateOrder' = 'SslStore.Tests.ps1'
        'Register-KmRenewalTask' = 'Renewal.Tests.ps1'
        'Remove-KmAuditEvent' = 'Audit.Tests.ps1'
        'Request-KmCertificateReissue' = 'SslStore.Tests.ps1'
        'Send-KmCertificate' = 'Renewal.Tests.ps1'
        'Send-KmChallengeEmail' = 'SslStore.Tests.ps1'
        'Sync-KmAccount' = 'SslStore.Tests.ps1'
        'Unregister-KmRenewalTask' = 'Renewal.Tests.ps1'
    }

    $folder = Start-KmTest $TestDrive
    $null = New-KmAccount private
    $null = New-KmAccount waiting
    $null = New-KmDnsAccount bind Rfc2136 -Server 192.0.2.1 -WithoutKey
    $null = New-KmDnsAccount off Rfc2136 -Server 192.0.2.2 -WithoutKey -Disabled
    $null = Set-KmDomainMapping contoso.test bind
    $null = New-TestCertificate www.contoso.test
    $null = New-KmDeployTarget here -Kind Local -FullChainPath (Join-Path $folder 'deploy.crt') -Endpoint None
    $null = Install-KmCertificate www.contoso.test -DeployTarget here -WarningAction SilentlyContinue
    $null = Set-KmRenewalPolicy web -CertificateName www.contoso.test
    $null = Set-KmRenewalPolicy paused -CertificateName open.test
    $null = Disable-KmRenewalPolicy paused
    $tell = Join-Path $folder 'tell.ps1'
    Set-Content $tell -Value 'param($Subject, $Text, $Event, $Name) Add-Content ./told.txt -Value $Subject'
    $null = Set-KmNotificationPolicy admins -Channel Script -ScriptPath $tell
    $null = New-KmCertificateOrder open.test
    $null = New-KmCertificateOrder unsaved.test | Invoke-KmChallenge -NoSave
    $null = New-UnprovableAccount
    $site = New-Item -ItemType Directory (Join-Path $folder 'site')
    'proof.test', 'published.test', 'failed.test' | New-KmCertificateOrder -Account unprovable -WebRootPath $site | Out-Null
    $null = Publish-KmChallenge published.test
    $null = Get-Problem { Invoke-KmChallenge failed.test -AlreadyPublished }
    $null = New-KmCsr request.test
    $null = New-KmContact ops -FirstName Ada -LastName Berg -Email ops@contoso.com -Phone 1
    $null = New-KmOrganization contoso -LegalName Contoso
    $loose = (New-KmCsr loose.test).PrivateKeyId
    Remove-KmCsr loose.test -Force
    $null = Add-KmKeyProtector KeyFile -KeyFilePath (Join-Path $folder 'keys/spare.key') -Name spare
    New-ForeignKeystore foreign.pfx foreign.test right-password
    New-ForeignCsr foreign.csr foreign.test
    $null = Export-KmPrivateKey (Get-KmCertificate www.contoso.test) ./foreign.key -Force
    $null = Remove-Item ./foreign.key
    Set-Content ./foreign.key -Value '-----BEGIN PRIVATE KEY-----', 'MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC', '-----END PRIVATE KEY-----'
    $null = New-KmContact guest -FirstName Ed -LastName Berg -Email guest@contoso.com -Phone 1
    $null = Export-KmStore ./guest.km -Part Contacts -Name guest -Passphrase (New-Password 'four random words')
    Remove-KmContact guest
    $original = Join-Path $folder 'original.db'
    $null = Backup-KmStore $original
    Copy-Item $original ./old.db

    function Reset-Scene {
        Get-ChildItem . | Where-Object Name -notin 'foreign.pfx', 'foreign.csr', 'foreign.key', 'old.db', 'guest.km' | Remove-Item -Recurse -Force
        Restore-KmStore $original -Force -WarningAction SilentlyContinue | Out-Null
        Get-ChildItem (Split-Path $env:KM_STORE) -Filter '*before-restore*' | Remove-Item -Force
    }
}

AfterAll {
    Stop-KmTest
}

Describe '-WhatIf' {
    It 'of <name> changes nothing, and without it something changes' -ForEach $changing {
        if ($needServer.ContainsKey($name)) {
            Get-Content (Join-Path $PSScriptRoot $needServer[$name]) -Raw | Should -Match "what = '$name'"
            return
        }

        $calls.ContainsKey($name) | Should -BeTrue -Because "the table needs a line for $name"
        Reset-Scene
        $before = Get-StoreState
        if ($name -eq 'Unlock-KmStore') {
            Lock-KmStore | Out-Null
            $before = Get-StoreState
        } elseif ($name -eq 'Lock-KmStore') {
            Unlock-KmStore | Out-Null
            $before = Get-StoreState
        }

        $whatIf = @{ WhatIf = $true }
        & $calls[$name] 6>$null | Should -BeNullOrEmpty
        Get-StoreState | Should -Be $before

        if ($name -notin $onlyLook) {
            $whatIf = @{}
            & $calls[$name] 3>$null | Out-Null
            Get-StoreState | Should -Not -Be $before
        }
    }

    It 'has no line for a cmdlet that is gone' {
        $calls.Keys | Where-Object { -not (Get-Command $_ -ErrorAction SilentlyContinue) } | Should -BeNullOrEmpty
    }

    It 'needs no store where nothing is asked of it, and makes none' {
        $store = Join-Path $folder 'none/store.db'
        { New-KmAccount first -StorePath $store -WhatIf -ErrorAction Stop } | Should -Not -Throw
        { New-KmDnsAccount first Rfc2136 -Server 192.0.2.1 -WithoutKey -StorePath $store -WhatIf -ErrorAction Stop } | Should -Not -Throw
        { New-KmCsr first.test -StorePath $store -WhatIf -ErrorAction Stop } | Should -Not -Throw
        Split-Path $store | Should -Not -Exist
    }

    It 'is obeyed as a preference too' {
        Reset-Scene
        $before = Get-StoreState
        & { $WhatIfPreference = $true; Remove-KmCertificate www.contoso.test -Force; New-KmCsr preference.test }
        Get-StoreState | Should -Be $before
    }
}

Describe 'A high impact without anybody there' {
    It 'fails with the way out and changes nothing' {
        Reset-Scene
        $lines = Invoke-OtherProcess '$ErrorActionPreference = "SilentlyContinue"; Remove-KmCertificate www.contoso.test; "$($Error[0].FullyQualifiedErrorId) $($Error[0].ErrorDetails.RecommendedAction)"'
        "$lines" | Should -BeLike 'KmConfirmationRequired,*-Force*'
        (Get-KmCertificate www.contoso.test).Name | Should -Be 'www.contoso.test'
    }

    It 'does it with -Force or -Confirm:$false' {
        Reset-Scene
        $null = Invoke-OtherProcess 'Remove-KmCertificate www.contoso.test -Confirm:$false; Remove-KmCsr request.test -Force'
        @(Get-KmCertificate).Count | Should -Be 0
        @(Get-KmCsr).Count | Should -Be 0
    }
}
