#requires -Version 5.1
# The way of a certificate from nothing to revocation, as the README promises it.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
}

AfterAll {
    Stop-KmTest
}

Describe 'The five lines of the README' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $text = Get-Content (Join-Path (Get-RepositoryRoot) 'README.md') -Raw
        $block = [regex]::Match($text, '(?s)## Five lines.*?```powershell\r?\n(.*?)```').Groups[1].Value
        # The first line imports by a path relative to the repository; the module is imported already.
        $lines = @($block -split '\r?\n' | Where-Object { $_.Trim() -and $_ -notmatch '^Import-Module ' })
        $out = foreach ($line in $lines) { & ([scriptblock]::Create($line)) }
    }

    It 'are five' {
        $lines.Count | Should -Be 4
        $block | Should -Match '(?m)^Import-Module '
    }

    It 'make an account, a certificate and the files for nginx, and renew' {
        @($out | ForEach-Object { $_.GetType().Name } | Select-Object -Unique) | Should -Be @('AuthorityAccount', 'CertificateOrder', 'ExportedFile')
        (Get-ChildItem ./tls).Name | Sort-Object | Should -Be @(
            'www.contoso.test.chain.crt', 'www.contoso.test.crt', 'www.contoso.test.fullchain.crt', 'www.contoso.test.key')
        (Get-KmCertificate www.contoso.test).Version | Should -Be 2
    }
}

Describe 'A store that is not there' {
    # That the first change makes it is proved without PowerShell: its key file would go to the configuration folder of whoever runs this.
    It 'is not made by a command that only looks, nor under -WhatIf' {
        $null = Start-KmTest $TestDrive -WithoutStore
        $problem = Get-Problem { Get-KmCertificate }
        $problem.FullyQualifiedErrorId | Should -Be 'KmStoreNotFound,KeyManager.Commands.GetKmCertificateCommand'
        $problem.ErrorDetails.RecommendedAction | Should -BeLike '*Initialize-KmStore*-StorePath*'
        $null = Get-Problem { New-KmAccount a -WhatIf }
        $null = Get-Problem { Initialize-KmStore -WhatIf }
        Test-Path (Split-Path $env:KM_STORE) | Should -BeFalse
    }
}

Describe 'A whole life' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $password = New-Password 'first-certificate'
    }

    It 'begins with an account, which becomes the default' {
        $account = New-KmAccount private -Authority Local
        $account.IsDefault | Should -BeTrue
        Test-KmAccount private | Should -BeTrue
    }

    It 'goes on with an order for two names' {
        $order = New-KmCertificateOrder www.contoso.test, *.contoso.test -KeystorePassword $password
        $order.Status | Should -Be 'Processing'
        "$($order.DomainNames)" | Should -Be 'www.contoso.test *.contoso.test'
        ($order | Invoke-KmChallenge).Status | Should -Be 'Saved'
    }

    It 'gives a certificate of those names, with its key' {
        $certificate = Get-KmCertificate www.contoso.test
        $certificate.Status | Should -Be 'Valid'
        $certificate.HasPrivateKey | Should -BeTrue
        $certificate.DaysLeft | Should -Be 89
        $read = [System.Security.Cryptography.X509Certificates.X509Certificate2]::new([byte[]] $certificate.RawData)
        $read.Subject | Should -Be 'CN=www.contoso.test'
        $read.Thumbprint | Should -Be $certificate.Thumbprint
    }

    It 'exports with the password of the order, again only with -Force' {
        $file = Export-KmCertificate www.contoso.test ./tls/
        $file.Path | Should -Exist
        (Get-Problem { Export-KmCertificate www.contoso.test ./tls/ }).FullyQualifiedErrorId | Should -BeLike 'KmFileExists,*'
        { Export-KmCertificate www.contoso.test ./tls/ -Force -ErrorAction Stop } | Should -Not -Throw
    }

    It 'renews with a new key' {
        $before = Get-KmCertificate www.contoso.test
        (Update-KmCertificate www.contoso.test -Force).Status | Should -Be 'Saved'
        $after = Get-KmCertificate www.contoso.test
        $after.Version | Should -Be 2
        $after.PrivateKeyId | Should -Not -Be $before.PrivateKeyId
        "$($after.DomainNames)" | Should -Be "$($before.DomainNames)"
    }

    It 'revokes the old version and keeps the new one' {
        Get-KmCertificateHistory www.contoso.test | Where-Object { -not $_.IsCurrent } | Revoke-KmCertificate -Reason Superseded -Force |
            ForEach-Object Status | Should -Be 'Revoked'
        (Get-KmCertificate www.contoso.test).Status | Should -Be 'Valid'
    }

    It 'ends with removal, and the audit trail knows it all' {
        Remove-KmCertificate www.contoso.test -Force -WarningAction SilentlyContinue
        @(Get-KmCertificate).Count | Should -Be 0
        $actions = (Get-KmAuditEvent).Action
        foreach ($action in 'StoreCreated', 'AccountCreated', 'OrderCreated', 'OrderPlaced', 'CertificateIssued', 'CertificateSaved', 'CertificateRenewed',
            'CertificateExportedWithKey', 'CertificateRevoked', 'CertificateRemoved') {
            $actions | Should -Contain $action
        }
        Test-KmAuditTrail | Should -BeTrue
    }
}

Describe 'The examples of the help' {
    It 'can be read by PowerShell and use only parameters that exist' {
        $null = Start-KmTest $TestDrive -WithoutStore
        $problems = foreach ($command in Get-Command -Module KeyManager) {
            foreach ($example in @((Get-Help $command.Name -Full).examples.example)) {
                $parseErrors = $null
                $tree = [System.Management.Automation.Language.Parser]::ParseInput($example.code, [ref] $null, [ref] $parseErrors)
                foreach ($parseError in $parseErrors) { "$command`: $parseError" }
                foreach ($call in $tree.FindAll({ param($node) $node -is [System.Management.Automation.Language.CommandAst] }, $true)) {
                    $info = Get-Command $call.GetCommandName() -ErrorAction SilentlyContinue
                    if ($info -and $info.Source -eq 'KeyManager') {
                        # What a service makes parameters is there only once the service is named.
                        $named = for ($i = 1; $i -lt $call.CommandElements.Count; $i++) {
                            if ("$($call.CommandElements[$i])" -in '-Provider', '-Kind') { "$($call.CommandElements[$i + 1])" }
                        }
                        if ($named) { $info = Get-Command $call.GetCommandName() -ArgumentList x, $named }
                        foreach ($parameter in $call.CommandElements | Where-Object { $_ -is [System.Management.Automation.Language.CommandParameterAst] }) {
                            if ($parameter.ParameterName -notin @($info.Parameters.Keys; $info.Parameters.Values.Aliases)) { "$command`: $($call.GetCommandName()) has no -$($parameter.ParameterName)" }
                        }
                    } elseif (-not $info -and $call.GetCommandName() -like '*-Km*') {
                        "$command`: there is no $($call.GetCommandName())"
                    }
                }
            }
        }
        $problems | Should -BeNullOrEmpty
    }
}
