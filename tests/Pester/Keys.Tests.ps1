#requires -Version 5.1
# Private keys: taken in, listed, given out, removed.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    $null = Start-KmTest $TestDrive
    $null = New-KmAccount private
    $password = New-Password 'key-password-1'
    $certificate = New-TestCertificate www.contoso.test
}

AfterAll {
    Stop-KmTest
}

Describe 'Private keys' {
    It 'are listed without the key itself' {
        $key = Get-KmPrivateKey www.contoso.test
        $key.Id | Should -Be $certificate.PrivateKeyId
        $key | ConvertTo-Json -Depth 5 | Should -Not -Match 'PRIVATE KEY|RawData|Pkcs8'
    }

    It 'go out encrypted with a password and come back the same' {
        $file = Export-KmPrivateKey $certificate ./out.key -Password $password -Force
        Get-Content $file.FullName -TotalCount 1 | Should -Be '-----BEGIN ENCRYPTED PRIVATE KEY-----'
        (Import-KmPrivateKey ./out.key -Password $password).Id | Should -Be $certificate.PrivateKeyId -Because 'the same key is stored once'
    }

    It 'need the right password (<what>)' -ForEach @(
        @{ what = 'wrong'; id = 'KmWrongPassword' }
        @{ what = 'missing'; id = 'KmKeystorePasswordRequired' }
    ) {
        $null = Export-KmPrivateKey $certificate ./locked.key -Password $password -Force
        $given = @{}
        if ($what -eq 'wrong') { $given.Password = New-Password 'wrong-password' }
        $problem = Get-Problem { Import-KmPrivateKey ./locked.key @given }
        $problem.FullyQualifiedErrorId | Should -Be "$id,KeyManager.Commands.ImportKmPrivateKeyCommand"
        $problem.TargetObject | Should -BeLike '*locked.key'
        $problem.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'are given out only after a question, and only once into the same file' {
        (Get-Problem { Export-KmPrivateKey $certificate ./locked.key }).FullyQualifiedErrorId | Should -BeLike 'KmFileExists,*'
        (Get-Command Export-KmPrivateKey).ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false).ConfirmImpact | Should -Be 'High'
    }

    It 'of several files do not stop at a bad one' {
        $null = Export-KmPrivateKey $certificate ./good.key -Force
        [System.IO.File]::WriteAllBytes((Join-Path $PWD 'empty.key'), [byte[]] @())
        $stored = Import-KmPrivateKey ./empty.key, ./good.key -ErrorVariable problems -ErrorAction SilentlyContinue
        $stored.Id | Should -Be $certificate.PrivateKeyId
        $problems.FullyQualifiedErrorId | Should -Be 'KmFileEmpty,KeyManager.Commands.ImportKmPrivateKeyCommand'
    }

    It 'in use are not removed; others are' {
        $problem = Get-Problem { Remove-KmPrivateKey $certificate.PrivateKeyId -Force }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmPrivateKeyInUse,*'
        $request = New-KmCsr free.test
        Remove-KmCsr free.test -Force
        Remove-KmPrivateKey $request.PrivateKeyId -Force
        (Get-Problem { Get-KmPrivateKey $request.PrivateKeyId }).FullyQualifiedErrorId | Should -BeLike 'KmPrivateKeyNotFound,*'
    }

    It 'of one name are told apart by their ids' {
        $null = Update-KmCertificate www.contoso.test -Force
        @(Get-KmPrivateKey www.contoso.test).Count | Should -Be 2
        $problem = Get-Problem { Export-KmPrivateKey www.contoso.test ./which.key -Force }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmInvalidParameter,*'
        $problem.ErrorDetails.RecommendedAction | Should -BeLike '*Get-KmPrivateKey*'
    }

    It 'of your own are used for an order and its renewals' {
        $null = Export-KmPrivateKey (Get-KmCertificate www.contoso.test) ./mine.key -Password $password -Force
        $null = New-KmCertificateOrder mine.test -PrivateKeyPath ./mine.key -PrivateKeyPassword $password | Invoke-KmChallenge | Update-KmCertificate -Force
        @((Get-KmCertificateHistory mine.test).PrivateKeyId | Select-Object -Unique).Count | Should -Be 1
    }
}
