#requires -Version 5.1
# Certificates of the inventory: states, versions, renewal, revocation, removal, import.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
}

AfterAll {
    Stop-KmTest
}

Describe 'States' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private
    }

    It 'is Available once the proof succeeded, and the inventory does not list it yet' {
        (New-KmCertificateOrder waits.test | Invoke-KmChallenge -NoSave).Status | Should -Be 'Available'
        @(Get-KmCertificate).Count | Should -Be 0
        $problem = Get-Problem { Export-KmCertificate waits.test ./tls/ -Format Pem }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmCertificateNotFound,*'
    }

    It 'is Saved after Save-KmCertificate, and listed' {
        (Get-KmCertificateOrder -Status Available | Save-KmCertificate).Name | Should -Be 'waits.test'
        (Get-KmCertificateOrder waits.test).Status | Should -Be 'Saved'
        (Get-KmCertificate).Name | Should -Be 'waits.test'
    }

    It 'is Failed when the proof failed, with the reason' {
        $null = New-UnprovableAccount
        $null = Get-Problem { New-KmCertificateOrder fails.test -Account unprovable | Invoke-KmChallenge -AlreadyPublished }
        $order = Get-KmCertificateOrder fails.test
        $order.Status | Should -Be 'Failed'
        $order.ErrorDetail | Should -Not -BeNullOrEmpty
        (Get-Problem { Save-KmCertificate fails.test }).FullyQualifiedErrorId | Should -BeLike 'Km*,*SaveKmCertificateCommand'
    }
}

Describe 'Renewal' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private
        $old = New-TestCertificate www.contoso.test
    }

    It 'is Renewed, and the old version stays, until the new one is saved' {
        $order = Update-KmCertificate www.contoso.test -Force -NoSave -WarningVariable said -WarningAction SilentlyContinue
        $order.Status | Should -Be 'Renewed'
        "$said" | Should -BeLike "*not saved*Save-KmCertificate $($order.Id)*"

        (Get-KmCertificate www.contoso.test).Id | Should -Be $old.Id
        @(Get-KmCertificateHistory www.contoso.test).Count | Should -Be 1
        $file = Export-KmCertificate www.contoso.test ./old.cer -Format Der
        $file.Thumbprint | Should -Be $old.Thumbprint
    }

    It 'makes the new version the only current one when it is saved' {
        $new = Get-KmCertificateOrder -Status Renewed | Save-KmCertificate
        $new.Version | Should -Be 2
        (Get-KmCertificate www.contoso.test).Id | Should -Be $new.Id
        @(Get-KmCertificateHistory www.contoso.test | Where-Object IsCurrent).Id | Should -Be @($new.Id)
        @(Get-KmCertificate).Count | Should -Be 1
    }

    It 'keeps every version in the history, newest first' {
        (Get-KmCertificateHistory www.contoso.test).Version | Should -Be @(2, 1)
        (Get-KmCertificate -IncludeHistory).Count | Should -Be 2
        $old.Id | Get-KmCertificateHistory | Select-Object -First 1 -ExpandProperty Version | Should -Be 2
    }

    It 'exports an old version by its id' {
        (Export-KmCertificate $old.Id ./v1.cer -Format Der).Thumbprint | Should -Be $old.Thumbprint
    }

    It 'keeps the key where the order says so (<policy>)' -ForEach @(
        @{ policy = 'New'; same = $false }
        @{ policy = 'Same'; same = $true }
    ) {
        $null = New-KmCertificateOrder "$policy.test" -KeyOnRenewal $policy | Invoke-KmChallenge | Update-KmCertificate -Force
        $keys = @((Get-KmCertificateHistory "$policy.test").PrivateKeyId | Select-Object -Unique)
        ($keys.Count -eq 1) | Should -Be $same
    }

    It 'finds what runs out' {
        $null = New-KmCertificateOrder short.test -ValidityDays 5 | Invoke-KmChallenge
        (Get-KmCertificate -ExpiresWithin 30.00:00).Name | Should -Be 'short.test'
        (Get-KmCertificate -ExpiresWithin 30.00:00 | Update-KmCertificate -Force).Status | Should -Be 'Saved'
        (Get-KmCertificate short.test).Version | Should -Be 2
    }
}

Describe 'Revocation' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private
        $null = New-TestCertificate www.contoso.test
    }

    It 'says under -WhatIf that HTTPS ends at once, and asks with high impact' {
        $text = Invoke-OtherProcess 'Revoke-KmCertificate www.contoso.test -WhatIf'
        "$text" | Should -BeLike '*invalid at once*loses HTTPS*'
        $attribute = (Get-Command Revoke-KmCertificate).ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false)
        $attribute.ConfirmImpact | Should -Be 'High'
    }

    It 'makes it Revoked with the reason, once' {
        $revoked = Revoke-KmCertificate www.contoso.test -Reason KeyCompromise -Force
        $revoked.Status | Should -Be 'Revoked'
        $revoked.RevocationReason | Should -Be 'KeyCompromise'
        $problem = Get-Problem { Revoke-KmCertificate www.contoso.test -Force }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmCertificateAlreadyRevoked,*'
        Get-KmCertificate -Status Revoked | ForEach-Object Name | Should -Be 'www.contoso.test'
    }
}

Describe 'Removal' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private
    }

    It 'is local, revokes nothing, and says so' {
        $certificate = New-TestCertificate www.contoso.test
        Remove-KmCertificate www.contoso.test -Force -WarningVariable said -WarningAction SilentlyContinue
        "$said" | Should -BeLike '*removed here only*stays valid*'
        (Get-Problem { Get-KmCertificate www.contoso.test }).FullyQualifiedErrorId | Should -BeLike 'KmCertificateNotFound,*'
        (Get-KmAuditEvent Certificate).Action | Should -Not -Contain 'CertificateRevoked'
        (Get-KmPrivateKey $certificate.PrivateKeyId).Id | Should -Be $certificate.PrivateKeyId
    }

    It 'takes the key too when it is told to' {
        $certificate = New-TestCertificate other.test
        # The order refers to the key as well.
        $null = Get-KmCertificateOrder other.test | Remove-KmCertificateOrder -Force -WarningAction SilentlyContinue
        Remove-KmCertificate other.test -RemovePrivateKey -Force -WarningAction SilentlyContinue
        (Get-Problem { Get-KmPrivateKey $certificate.PrivateKeyId }).FullyQualifiedErrorId | Should -BeLike 'KmPrivateKeyNotFound,*'
    }

    It 'of an old version leaves the current one' {
        $null = New-TestCertificate twice.test
        $null = Update-KmCertificate twice.test -Force
        Get-KmCertificateHistory twice.test | Where-Object { -not $_.IsCurrent } | Remove-KmCertificate -Force -WarningAction SilentlyContinue
        (Get-KmCertificateHistory twice.test).Version | Should -Be 2
    }
}

Describe 'Finding' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private
        $null = New-TestCertificate a.contoso.test
        $null = New-TestCertificate b.contoso.test
        $null = New-TestCertificate '*.contoso.test'
    }

    It 'takes a wildcard name literally where one exists, else as a pattern' {
        (Get-KmCertificate '*.contoso.test').Name | Should -Be '*.contoso.test'
        (Get-KmCertificate '?.contoso.test').Name | Sort-Object | Should -Be @('*.contoso.test', 'a.contoso.test', 'b.contoso.test')
        (Get-KmCertificate '[ab].contoso.test').Name | Sort-Object | Should -Be @('a.contoso.test', 'b.contoso.test')
        @(Get-KmCertificate 'z*').Count | Should -Be 0
    }

    It 'knows thumbprint, serial number, id and domain name' {
        $one = Get-KmCertificate a.contoso.test
        foreach ($key in $one.Thumbprint, ($one.Thumbprint.ToLowerInvariant() -replace '(..)(?!$)', '$1:'), $one.SerialNumber, $one.Id) {
            (Get-KmCertificate $key).Id | Should -Be $one.Id
        }

        (Get-KmCertificate -DomainName b.contoso.test).Name | Should -Be 'b.contoso.test'
    }

    It 'goes on after a name that is not there' {
        $found = Get-KmCertificate a.contoso.test, nobody.test, b.contoso.test -ErrorVariable problems -ErrorAction SilentlyContinue
        $found.Count | Should -Be 2
        $problems.TargetObject | Should -Be 'nobody.test'
    }
}

Describe 'Import' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        New-ForeignKeystore foreign.pfx foreign.test right-password
    }

    It 'takes in a keystore that .NET made' {
        $certificate = Import-KmCertificate ./foreign.pfx -Password (New-Password right-password)
        $certificate.Name | Should -Be 'foreign.test'
        $certificate.Origin | Should -Be 'Imported'
        $certificate.HasPrivateKey | Should -BeTrue
    }

    It 'answers the same certificate when it comes again' {
        $again = Import-KmCertificate ./foreign.pfx -Password (New-Password right-password)
        $again.Id | Should -Be (Get-KmCertificate foreign.test).Id
        @(Get-KmCertificateHistory foreign.test).Count | Should -Be 1
    }

    It 'says that it cannot be renewed here, and how it can' {
        $problem = Get-Problem { Update-KmCertificate foreign.test -Force }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmCertificateNotRenewable,*'
        $problem.ErrorDetails.RecommendedAction | Should -BeLike '*New-KmCertificateOrder foreign.test*'
    }
}
