#requires -Version 5.1
# The store: several of them, backups, protectors, locking, two processes.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
}

AfterAll {
    Stop-KmTest
}

Describe 'Two stores' {
    It 'know nothing of each other' {
        $null = Start-KmTest $TestDrive
        $null = Initialize-KmStore ./second.db -KeyFilePath ./second.key
        $null = New-KmAccount first
        $null = New-KmAccount other -StorePath ./second.db
        (Get-KmAccount).Name | Should -Be 'first'
        (Get-KmAccount -StorePath ./second.db).Name | Should -Be 'other'
        (Get-KmStore).Id | Should -Not -Be (Get-KmStore -StorePath ./second.db).Id
    }
}

Describe 'A backup' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private
        $null = New-TestCertificate kept.test
        $file = Backup-KmStore ./backup.db
        $null = New-TestCertificate later.test
    }

    It 'is a file of its own that opens' {
        $file.FullName | Should -Exist
        (Get-KmCertificate -StorePath ./backup.db).Name | Should -Be 'kept.test'
    }

    It 'brings back what there was, and keeps what it replaces' {
        $info = Restore-KmStore ./backup.db -Force -WarningVariable said -WarningAction SilentlyContinue
        $info.Certificates | Should -Be 1
        (Get-KmCertificate).Name | Should -Be 'kept.test'
        "$said" -match "'(.*before-restore.*)'" | Should -BeTrue
        $Matches[1] | Should -Exist
        @(Get-KmCertificate -StorePath $Matches[1]).Count | Should -Be 2
    }

    It 'has its secrets too' {
        $null = Export-KmCertificate kept.test ./tls -Format Pem
        Get-Content ./tls/kept.test.key -TotalCount 1 | Should -Match 'PRIVATE KEY'
    }
}

Describe 'A copy for another machine' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private
        $null = New-TestCertificate www.contoso.test
        $words = New-Password 'four random words'
        $null = Backup-KmStore ./move.db -Passphrase $words
    }

    It 'has the passphrase and nothing else, and the store keeps what it has' {
        (Get-KmKeyProtector -StorePath ./move.db).Kind | Should -Be 'Passphrase'
        (Get-KmKeyProtector).Kind | Should -Be 'KeyFile'
        (Get-Problem { Export-KmCertificate www.contoso.test ./no -Format Pem -StorePath ./move.db }).FullyQualifiedErrorId | Should -BeLike 'KmStoreLocked,*'
        $null = Unlock-KmStore $words -StorePath ./move.db
        $null = Export-KmCertificate www.contoso.test ./tls -Format Pem -StorePath ./move.db
        Get-Content ./tls/www.contoso.test.key -TotalCount 1 | Should -Match 'PRIVATE KEY'
        (Get-KmAuditEvent Store).Action | Should -Contain 'StoreBackedUp'
    }

    It 'says what is wrong with it, with -WhatIf too' {
        $bytes = [IO.File]::ReadAllBytes((Convert-Path ./move.db))
        [IO.File]::WriteAllBytes((Join-Path $PWD half.db), $bytes[0..($bytes.Length / 2)])
        Restore-KmStore ./move.db -WhatIf 6>$null | Should -BeNullOrEmpty
        foreach ($try in { Restore-KmStore ./half.db -WhatIf 6>$null }, { Restore-KmStore ./half.db -Force }) {
            $problem = Get-Problem $try
            $problem.FullyQualifiedErrorId | Should -BeLike 'KmStoreCorrupt,*'
            "$problem" | Should -BeLike '*cut off*bytes are there*'
        }
        (Get-KmCertificate).Name | Should -Be 'www.contoso.test'
    }

    It 'is not put in the place of a store that another process has open' {
        $process = Start-OtherProcess "Get-KmStore | Out-Null; 'ready'; Start-Sleep 60"
        try {
            (Get-Problem { Restore-KmStore ./move.db -Force }).FullyQualifiedErrorId | Should -BeLike 'KmStoreBusy,*'
        } finally {
            $process.Kill()
            $process.WaitForExit()
            $process.Dispose()
        }
    }
}

Describe 'Parts' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private
        $null = New-TestCertificate www.contoso.test
        $null = New-TestCertificate other.contoso.test
        $null = Set-KmRenewalPolicy usual -CertificateName *
        $words = New-Password 'four random words'
        $null = Initialize-KmStore ./second.db -KeyFilePath ./second.key
    }

    It 'are taken by pipeline into one file and from there into another store' {
        $file = Get-KmCertificate www* | Export-KmStore ./web.km -Part Certificates, Accounts, RenewalPolicies -Passphrase $words
        $file.FullName | Should -Exist
        $lines = Import-KmStore ./web.km -Passphrase $words -StorePath ./second.db
        $lines.Outcome | Select-Object -Unique | Should -Be 'Added'
        ($lines | Where-Object Part -eq Certificates).Name | Should -Be 'www.contoso.test'
        (Get-KmRenewalPolicy usual -StorePath ./second.db).IsEnabled | Should -BeFalse
        $null = Export-KmCertificate www.contoso.test ./second -Format Pem -StorePath ./second.db
        Get-Content ./second/www.contoso.test.key -TotalCount 1 | Should -Match 'PRIVATE KEY'
        (Import-KmStore ./web.km -Passphrase $words -StorePath ./second.db).Outcome | Select-Object -Unique | Should -Be 'Same'
    }

    It 'want their passphrase' {
        (Get-Problem { Import-KmStore ./web.km -Passphrase (New-Password 'some other words') -StorePath ./second.db }).FullyQualifiedErrorId | Should -BeLike 'KmWrongPassword,*'
        (Get-Problem { Restore-KmStore ./web.km -Force }).ErrorDetails.RecommendedAction | Should -BeLike '*Import-KmStore*'
    }
}

Describe 'Test-KmStore' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private
        $null = New-TestCertificate www.contoso.test
    }

    It 'passes a sound store' {
        $checks = Test-KmStore
        $? | Should -BeTrue
        ($checks | Where-Object Outcome -eq Failed) | Should -BeNullOrEmpty
        $checks.Name | Should -Contain 'Secrets'
        ($checks | Out-String) | Should -Match 'Secrets +Passed'
    }

    It 'tells a scheduler, and saves what can be read of a file cut short' {
        $store = $env:KM_STORE
        Remove-Module KeyManager
        $bytes = [IO.File]::ReadAllBytes($store)
        [IO.File]::WriteAllBytes($store, $bytes[0..($bytes.Length * 0.9)])
        Import-Module (Get-ManifestPath) -Global
        $problems = @(Get-Problem { Test-KmStore })
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'KmStoreCorrupt,*'
        $checks = Test-KmStore -Repair -Force -ErrorAction SilentlyContinue
        ($checks | Where-Object Name -eq Recovery).Message | Should -BeLike '*.damaged-*'
        (Get-KmStore).Path | Should -Be $store
        @(Get-ChildItem (Split-Path $store) -Filter '*.damaged-*').Count | Should -Be 1
    }
}

Describe 'Protectors' {
    BeforeAll {
        $folder = Start-KmTest $TestDrive
        $null = New-KmAccount private
        $null = New-TestCertificate www.contoso.test
        $right = New-Password 'a passphrase of some length'
        $wrong = New-Password 'another passphrase altogether'
    }

    It 'are added, and one alone opens the store' {
        (Add-KmKeyProtector -Passphrase $right).Kind | Should -Be 'Passphrase'
        @(Get-KmKeyProtector).Count | Should -Be 2
        Get-KmKeyProtector | Where-Object Kind -eq KeyFile | Remove-KmKeyProtector -Force
        @(Get-KmKeyProtector).Count | Should -Be 1
    }

    It 'refuse a short passphrase and a key file that is there already' {
        (Get-Problem { Add-KmKeyProtector -Passphrase (New-Password short) }).ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $null = Add-KmKeyProtector KeyFile -KeyFilePath ./third.key
        (Get-Problem { Add-KmKeyProtector KeyFile -KeyFilePath ./third.key }).FullyQualifiedErrorId | Should -BeLike 'Km*'
        Get-KmKeyProtector | Where-Object Kind -eq KeyFile | Remove-KmKeyProtector -Force
    }

    It 'need their passphrase to unlock: listing works without, keys do not' {
        $null = Lock-KmStore
        (Get-KmStore).IsUnlocked | Should -BeFalse
        (Get-KmCertificate).Name | Should -Be 'www.contoso.test'
        $problem = Get-Problem { Export-KmCertificate www.contoso.test ./tls -Format Pem }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmStoreLocked,*'
        $problem.CategoryInfo.Category | Should -Be 'AuthenticationError'
        './tls/www.contoso.test.key' | Should -Not -Exist

        $problem = Get-Problem { Unlock-KmStore $wrong }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmWrongPassword,*'
        $problem.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        (Get-KmStore).IsUnlocked | Should -BeFalse
        (Unlock-KmStore $right).IsUnlocked | Should -BeTrue
        { Export-KmCertificate www.contoso.test ./tls -Format Pem -ErrorAction Stop } | Should -Not -Throw
    }

    It 'are wrapped again when the key is rotated' {
        (Get-Problem { Update-KmStoreKey -Confirm:$false }).FullyQualifiedErrorId | Should -BeLike 'Km*,KeyManager.Commands.UpdateKmStoreKeyCommand'
        (Get-Problem { Update-KmStoreKey -Passphrase $wrong -Confirm:$false }).FullyQualifiedErrorId | Should -BeLike 'Km*,KeyManager.Commands.UpdateKmStoreKeyCommand'
        { Update-KmStoreKey -Passphrase $right -Confirm:$false -ErrorAction Stop } | Should -Not -Throw
        $null = Lock-KmStore
        $null = Unlock-KmStore $right
        { Export-KmCertificate www.contoso.test ./tls -Format Pem -Force -ErrorAction Stop } | Should -Not -Throw
        (Get-KmAuditEvent Store).Action | Should -Contain 'DataKeyRotated'
    }

    It 'let another process in with the passphrase from the environment' {
        $env:KM_STORE_PASSPHRASE = 'a passphrase of some length'
        try {
            "$(Invoke-OtherProcess '(Unlock-KmStore).IsUnlocked')" | Should -Be 'True'
        } finally {
            $env:KM_STORE_PASSPHRASE = $null
        }
    }

    It 'say when nothing opens the store here' {
        $problem = "$(Invoke-OtherProcess 'try { Export-KmCertificate www.contoso.test ./elsewhere -Format Pem -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; $_.ErrorDetails.RecommendedAction }')"
        $problem | Should -BeLike 'KmStoreLocked,*Unlock-KmStore*'
    }
}

Describe 'Two processes at once' {
    It 'both get their work done, each line once' {
        $null = Start-KmTest $TestDrive
        $process = Start-OtherProcess "'ready'; 1..25 | ForEach-Object { `$null = New-KmCsr `"theirs`$_.test`" }"
        1..25 | ForEach-Object { $null = New-KmCsr "ours$_.test" -ErrorAction Stop }
        [void] $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
        $process.ExitCode | Should -Be 0
        $process.Dispose()
        @(Get-KmCsr 'ours*').Count | Should -Be 25
        @(Get-KmCsr 'theirs*').Count | Should -Be 25
        @(Get-KmAuditEvent Csr).Count | Should -Be 50
        Test-KmAuditTrail | Should -BeTrue
    }
}

Describe 'The audit trail' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private
        $certificate = New-TestCertificate www.contoso.test
    }

    It 'tells of one thing, one area, one time' {
        (Get-KmAuditEvent -Subject www.contoso.test).SubjectName | Select-Object -Unique | Should -Be 'www.contoso.test'
        ($certificate | Get-KmAuditEvent).SubjectId | Select-Object -Unique | Should -Be $certificate.Id
        (Get-KmAuditEvent account).Category | Select-Object -Unique | Should -Be 'Account' -Because 'letter case does not count'
        @(Get-KmAuditEvent -After (Get-Date).AddHours(1)).Count | Should -Be 0
        @(Get-KmAuditEvent -Before (Get-Date).AddHours(1)).Count | Should -BeGreaterThan 4
    }
}
