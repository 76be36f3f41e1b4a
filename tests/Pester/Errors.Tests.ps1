#requires -Version 5.1
# What an administrator gets wrong: each error has an id, a category, a target and a remedy, and leaves the store as it was.

BeforeDiscovery {
    # One line per mistake: what is done, the id, the category, what the target names, a word of the remedy.
    $mistakes = @(
        , @('a typo in a certificate', { Update-KmCertificate www.contso.test }, 'KmCertificateNotFound', 'ObjectNotFound', 'www.contso.test', 'Get-KmCertificate')
        , @('a typo in an order', { Invoke-KmChallenge nope }, 'KmOrderNotFound', 'ObjectNotFound', 'nope', 'Get-KmCertificateOrder')
        , @('a typo in an account', { New-KmCertificateOrder x.test -Account privat }, 'KmAccountNotFound', 'ObjectNotFound', 'privat', 'Get-KmAccount')
        , @('a typo in an authority', { New-KmAccount x -Authority Lcal }, 'KmAuthorityNotFound', 'ObjectNotFound', 'Lcal', 'Get-KmAuthority')
        , @('a typo in a key', { Remove-KmPrivateKey nope -Force }, 'KmPrivateKeyNotFound', 'ObjectNotFound', 'nope', 'Get-KmPrivateKey')
        , @('a typo in a request', { Export-KmCsr nope ./x.csr }, 'KmCsrNotFound', 'ObjectNotFound', 'nope', 'Get-KmCsr')
        , @('a typo in a protector', { Remove-KmKeyProtector nope -Force }, 'KmProtectorNotFound', 'ObjectNotFound', 'nope', 'Get-KmKeyProtector')
        , @('a typo in a setting', { Get-KmSetting nope }, 'KmSettingNotFound', 'ObjectNotFound', 'nope', 'Get-KmSetting')
        , @('a setting that cannot be', { Set-KmSetting DefaultKeyAlgorithm banana }, 'KmInvalidSetting', 'InvalidArgument', 'DefaultKeyAlgorithm', 'Ecdsa')
        , @('a setting of an account that cannot be', { Set-KmAccount private -Setting @{ ValidityDays = 0 } }, 'KmInvalidSetting', 'InvalidArgument', 'ValidityDays', '3650')
        , @('a category that is none', { Get-KmAuditEvent Banana }, 'KmInvalidParameter', 'InvalidArgument', 'Banana', 'Certificate')
        , @('an address that is none', { New-KmAccount x -Contact nobody }, 'KmInvalidParameter', 'InvalidArgument', 'nobody', '@')
        , @('a name that is none', { New-KmCertificateOrder 'a b.test' }, 'KmInvalidDomainName', 'InvalidArgument', 'a b.test', 'www.contoso.com')
        , @('no name at all', { New-KmCertificateOrder }, 'KmInvalidDomainName', 'InvalidArgument', '', '-DomainName')
        , @('a key that cannot be', { New-KmCertificateOrder x.test -KeyAlgorithm Rsa -KeyLength 1024 }, 'KmInvalidKeySpec', 'InvalidArgument', '1024', '2048')
        , @('too long a life', { New-KmCertificateOrder x.test -ValidityDays 4000 }, 'KmInvalidParameter', 'InvalidArgument', '4000', 'MaxValidityDays')
        , @('a proof that the authority does not know', { New-KmCertificateOrder x.test -Account waiting -ChallengeType TlsAlpn01 }, 'KmAuthorityCannot', 'InvalidArgument', 'TlsAlpn01', 'Http01 or Dns01')
        , @('a proof where nothing is checked', { New-KmCertificateOrder x.test -Account private -ChallengeType Dns01 }, 'KmAuthorityCannot', 'InvalidArgument', 'Dns01', 'Validation')
        , @('waiting in vain', { Wait-KmCertificateOrder pending.test }, 'KmChallengeNotPublished', 'InvalidResult', '', 'Invoke-KmChallenge')
        , @('a folder that cannot be made', { Set-KmAccount private -Setting @{ CrlPath = (Join-Path $PWD 'empty.pem/crl') } }, 'KmFileNotWritable', 'WriteError', 'crl', 'CrlPath')
        , @('two requests', { New-KmCertificateOrder -Csr x -CsrPath y }, 'KmInvalidParameter', 'InvalidArgument', '', '-CsrPath')
        , @('an account that is there', { New-KmAccount private }, 'KmAccountAlreadyExists|KmNameAlreadyExists', 'ResourceExists', 'private', '-Name')
        , @('a finished order', { Invoke-KmChallenge www.contoso.test }, 'KmOrderStateInvalid', 'InvalidOperation', '', 'Update-KmCertificate')
        , @('cancelling too late', { Stop-KmCertificateOrder www.contoso.test -Force }, 'KmOrderStateInvalid', 'InvalidOperation', '', 'Revoke-KmCertificate')
        , @('an account in use', { Remove-KmAccount waiting -Force }, 'KmAccountInUse', 'InvalidOperation', 'waiting', 'Get-KmCertificateOrder')
        , @('no such file', { Import-KmCertificate ./nope.pfx }, 'KmFileNotFound', 'ObjectNotFound', 'nope.pfx', 'path')
        , @('an empty file', { Import-KmCertificate ./empty.pem }, 'KmFileEmpty', 'InvalidData', 'empty.pem', 'whole')
        , @('a damaged PEM', { Import-KmCertificate ./corrupt.pem }, 'KmKeystoreUnreadable', 'InvalidData', 'corrupt.pem', 'again')
        , @('a wrong password', { Import-KmCertificate ./foreign.pfx -Password (New-Password wrong-one) }, 'KmWrongPassword', 'SecurityError', 'foreign.pfx', 'password')
        , @('no password', { Import-KmCertificate ./foreign.pfx }, 'KmKeystorePasswordRequired', 'SecurityError', 'foreign.pfx', 'password')
        , @('a weak request', { New-KmCertificateOrder -CsrPath ./weak.csr }, 'KmKeyTooWeak', 'SecurityError', 'weak.csr', 'new key')
        , @('other names than the request', { New-KmCertificateOrder other.test -CsrPath ./good.csr }, 'KmCsrMismatch', 'InvalidArgument', 'other.test', '-DomainName')
        , @('a path that is no file', { Export-KmCertificate www.contoso.test Env:/x -Format Der }, 'KmInvalidParameter', 'InvalidArgument', 'Env:/x', 'path')
        , @('a folder below a file', { Export-KmCertificate www.contoso.test ./empty.pem/x.cer -Format Der }, 'KmFileNotWritable', 'WriteError', 'empty.pem', '-Path')
        , @('a backup over a file', { Backup-KmStore ./empty.pem }, 'KmFileExists', 'ResourceExists', 'empty.pem', 'another name')
        , @('a backup that is none', { Restore-KmStore ./corrupt.pem -Force }, 'KmStoreCorrupt', 'InvalidData', 'corrupt.pem', 'another backup')
        , @('a backup that is not there', { Restore-KmStore ./nope.db -Force }, 'KmFileNotFound', 'ObjectNotFound', 'nope.db', 'path')
        , @('a second store in the same place', { Initialize-KmStore }, 'KmStoreAlreadyExists', 'ResourceExists', 'store.db', 'another path')
        , @('a store that is not there', { Get-KmCertificate -StorePath ./nowhere/store.db }, 'KmStoreNotFound', 'ObjectNotFound', 'store.db', '-StorePath')
        , @('a store that is something else', { Get-KmCertificate -StorePath ./corrupt.pem }, 'KmStoreCorrupt', 'InvalidData', 'corrupt.pem', 'another store')
        , @('a store below a file', { New-KmAccount x -StorePath ./empty.pem/store.db }, 'KmStoreNotWritable', 'WriteError', 'store.db', '-StorePath')
        , @('a passphrase that the store does not know', { Unlock-KmStore (New-Password wrong-one) }, 'KmStoreLocked', 'AuthenticationError', 'store.db', 'Unlock-KmStore')
        , @('the last protector', { Get-KmKeyProtector | Remove-KmKeyProtector -Force }, 'KmLastProtector', 'InvalidOperation', '', 'another protector')
        , @('a question that nobody answers', { Revoke-KmCertificate www.contoso.test }, 'KmConfirmationRequired', 'InvalidOperation', '????????????', '-Force')
    ) | ForEach-Object { @{ what = $_[0]; mistake = $_[1]; id = $_[2]; category = $_[3]; target = $_[4]; remedy = $_[5] } }

    $isRootOnLinux = $PSVersionTable.PSEdition -eq 'Core' -and $IsLinux -and (& id -u) -eq '0'
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    $null = Start-KmTest $TestDrive
    $null = New-KmAccount private
    $null = New-TestCertificate www.contoso.test
    $null = New-UnprovableAccount waiting
    $null = New-KmCertificateOrder pending.test -Account waiting
    [System.IO.File]::WriteAllBytes((Join-Path $PWD 'empty.pem'), [byte[]] @())
    Set-Content corrupt.pem "-----BEGIN CERTIFICATE-----`nMII*not*base64`n-----END CERTIFICATE-----"
    New-ForeignKeystore foreign.pfx foreign.test right-password
    New-ForeignCsr weak.csr weak.test 1024
    New-ForeignCsr good.csr good.test
}

AfterAll {
    Stop-KmTest
}

Describe 'A mistake' {
    It 'is told well and changes nothing: <what>' -ForEach $mistakes {
        $before = Get-StoreState
        $problems = @(Get-Problem $mistake)
        $problems.Count | Should -Be 1
        $problem = $problems[0]
        $problem.FullyQualifiedErrorId | Should -Match "^($id),KeyManager\.Commands\."
        $problem.CategoryInfo.Category | Should -Be $category
        "$($problem.TargetObject)" | Should -BeLike "*$target*"
        $problem.ErrorDetails.RecommendedAction | Should -BeLike "*$remedy*"
        $problem.Exception.Message | Should -Not -Match '\.\.$'
        Get-StoreState | Should -Be $before
    }

    It 'fails its item and not the others' {
        $out = 'www.contoso.test', 'nope', 'www.contoso.test' | Get-KmCertificate -ErrorVariable problems -ErrorAction SilentlyContinue
        @($out).Count | Should -Be 2
        $problems.TargetObject | Should -Be 'nope'
        $out = Get-KmCertificateHistory nope, www.contoso.test -ErrorAction SilentlyContinue
        @($out).Count | Should -Be 1
    }

    It 'ends a script with -ErrorAction Stop, id and remedy included' {
        $caught = $null
        try { Update-KmCertificate nope -ErrorAction Stop } catch { $caught = $_ }
        $caught.FullyQualifiedErrorId | Should -Be 'KmCertificateNotFound,KeyManager.Commands.UpdateKmCertificateCommand'
        $caught.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }
}

Describe 'A deactivated account' {
    It 'is refused by name, for good' {
        $null = New-KmAccount gone
        (Disable-KmAccount gone -Force).Status | Should -Be 'Deactivated'
        foreach ($problem in (Get-Problem { New-KmCertificateOrder x.test -Account gone }), (Get-Problem { Disable-KmAccount gone -Force })) {
            $problem.FullyQualifiedErrorId | Should -BeLike 'KmAccountDeactivated,*'
            $problem.CategoryInfo.Category | Should -Be 'InvalidOperation'
            $problem.TargetObject | Should -Be 'gone'
        }
    }
}

Describe 'A store of a newer KeyManager' {
    It 'is refused and left as it is' {
        $null = Backup-KmStore ./newer.db
        # user_version, four bytes from 60 on (SQLite file format, section 1.3).
        $bytes = [System.IO.File]::ReadAllBytes((Resolve-Path ./newer.db).ProviderPath)
        $bytes[62] = 0x7F
        [System.IO.File]::WriteAllBytes((Resolve-Path ./newer.db).ProviderPath, $bytes)
        $problem = Get-Problem { New-KmAccount x -StorePath ./newer.db }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmStoreVersionTooNew,*'
        $problem.CategoryInfo.Category | Should -Be 'InvalidOperation'
        $problem.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        [System.Linq.Enumerable]::SequenceEqual([System.IO.File]::ReadAllBytes((Resolve-Path ./newer.db).ProviderPath), $bytes) | Should -BeTrue
        (Get-Problem { Restore-KmStore ./newer.db -Force }).TargetObject | Should -BeLike '*newer.db'
    }
}

Describe 'A full disk' -Skip:(-not $isRootOnLinux) {
    BeforeAll {
        $disk = Join-Path $TestDrive 'disk'
        [void] (New-Item -ItemType Directory $disk)
        & mount -t tmpfs -o size=1500k,mode=700 tmpfs $disk
        $mounted = $LASTEXITCODE -eq 0
    }

    It 'is an error of its own, and the store goes on when there is room again' {
        if (-not $mounted) {
            Set-ItResult -Skipped -Because 'this machine does not let its root mount a tmpfs'
            return
        }

        $store = Join-Path $disk 'store.db'
        $null = Initialize-KmStore $store -KeyFilePath (Join-Path $TestDrive 'disk.key')
        $filler = Join-Path $disk 'filler'
        & dd if=/dev/zero of=$filler bs=1k count=4000 2>$null
        $problem = $null
        # What the store has set aside in its files may take some requests more.
        foreach ($i in 1..200) {
            $problem = Get-Problem { New-KmCsr "full$i.test" -StorePath $store }
            if ($problem) { break }
        }

        $problem.FullyQualifiedErrorId | Should -BeLike 'KmStoreFull,*'
        $problem.ErrorDetails.RecommendedAction | Should -BeLike '*room*'
        Remove-Item $filler
        $count = @(Get-KmCsr -StorePath $store).Count
        $null = New-KmCsr after.test -StorePath $store
        @(Get-KmCsr -StorePath $store).Count | Should -Be ($count + 1)
        Test-KmAuditTrail -StorePath $store | Should -BeTrue
    }

    AfterAll {
        if ($mounted) {
            # The open store would keep it busy.
            Remove-Module KeyManager
            & umount $disk
        }
    }
}
