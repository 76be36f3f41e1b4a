#requires -Version 5.1
# Certificate requests: made, taken in, checked, ordered with.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    $null = Start-KmTest $TestDrive
    $null = New-KmAccount private
}

AfterAll {
    Stop-KmTest
}

Describe 'Certificate requests' {
    It 'are made with the names and the subject that were asked for' {
        $request = New-KmCsr made.test, www.made.test -KeyAlgorithm Rsa -Organization Contoso -Country no
        "$($request.DomainNames)" | Should -Be 'made.test www.made.test'
        $request.Subject | Should -BeLike '*O=Contoso*'
        $request.Subject | Should -BeLike '*C=NO*'
        "$($request.KeySpec)" | Should -Be 'RSA 2048'
    }

    It 'come from a table, where an empty cell is nothing given' {
        $row = [pscustomobject]@{ DomainName = 'row.test;www.row.test'; KeyLength = ''; Organization = ''; Country = '' }
        $request = $row | New-KmCsr
        $request.Subject | Should -Be 'CN=row.test'
        "$($request.DomainNames)" | Should -Be 'row.test www.row.test'
    }

    It 'are written as PEM and read by Test-KmCsr' {
        $file = New-KmCsr file.test | Export-KmCsr -Path ./file.csr
        $file.FullName | Should -Exist
        Get-Content ./file.csr -TotalCount 1 | Should -Be '-----BEGIN CERTIFICATE REQUEST-----'
        Test-KmCsr ./file.csr | Should -BeTrue
        "$((Get-Content ./file.csr -Raw | Test-KmCsr -Detailed).DomainNames)" | Should -Be 'file.test'
        (Get-Problem { Export-KmCsr file.test ./file.csr }).FullyQualifiedErrorId | Should -BeLike 'KmFileExists,*'
    }

    It 'that are no good are false, with the reason (<what>)' -ForEach @(
        @{ what = 'a weak key'; id = 'KmKeyTooWeak' }
        @{ what = 'an empty file'; id = 'KmFileEmpty' }
        @{ what = 'something else'; id = 'KmCsrUnreadable' }
    ) {
        switch ($what) {
            'a weak key' { New-ForeignCsr bad.csr weak.test 1024 }
            'an empty file' { [System.IO.File]::WriteAllBytes((Join-Path $PWD 'bad.csr'), [byte[]] @()) }
            default { Set-Content bad.csr 'Dear administrator' }
        }

        $answers = @(Test-KmCsr ./bad.csr -ErrorVariable problems -ErrorAction SilentlyContinue)
        $answers | Should -Be @($false)
        $problems[0].FullyQualifiedErrorId | Should -Be "$id,KeyManager.Commands.TestKmCsrCommand"
        (Get-Problem { Import-KmCsr ./bad.csr }).FullyQualifiedErrorId | Should -Be "$id,KeyManager.Commands.ImportKmCsrCommand"
    }

    It 'made elsewhere are taken in and ordered with; the key stays there' {
        New-ForeignCsr appliance.csr appliance.test
        (Import-KmCsr ./appliance.csr -Name box).Name | Should -Be 'box'
        $order = New-KmCertificateOrder -CsrName box | Invoke-KmChallenge
        $order.Status | Should -Be 'Saved'
        (Get-KmCertificate appliance.test).HasPrivateKey | Should -BeFalse
        (Get-Problem { Export-KmCertificate appliance.test ./tls -Format Pem }).FullyQualifiedErrorId | Should -BeLike 'KmPrivateKeyNotFound,*'
    }

    It 'must fit the names of the order' {
        New-ForeignCsr fits.csr fits.test
        $problem = Get-Problem { New-KmCertificateOrder other.test -CsrPath ./fits.csr }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmCsrMismatch,*'
        $problem.CategoryInfo.Category | Should -Be 'InvalidArgument'
        $problem.Exception.Message | Should -BeLike '*other.test*fits.test*'
    }

    It 'of several files do not stop at a bad one' {
        New-ForeignCsr weak.csr weak.test 1024
        New-ForeignCsr strong.csr strong.test
        $stored = Import-KmCsr ./weak.csr, ./strong.csr -ErrorVariable problems -ErrorAction SilentlyContinue
        $stored.Name | Should -Be 'strong.test'
        @($problems).Count | Should -Be 1
    }

    It 'are listed by pattern and removed by name' {
        $null = New-KmCsr gone.test
        (Get-KmCsr gone*).Name | Should -Be 'gone.test'
        Remove-KmCsr gone.test -Force
        (Get-Problem { Get-KmCsr gone.test }).FullyQualifiedErrorId | Should -BeLike 'KmCsrNotFound,*'
    }
}
