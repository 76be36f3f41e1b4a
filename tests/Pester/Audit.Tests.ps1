#requires -Version 5.1
# The audit trail at a real prompt: looking, exporting, checking, removing.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
}

AfterAll {
    Stop-KmTest
}

Describe 'The audit trail' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private
        $null = New-KmCertificateOrder www.test | Invoke-KmChallenge
        $null = Invoke-KmRenewal www.test -Force
    }

    It 'says who did what, when, to which thing, with which result' {
        $line = Get-KmAuditEvent AutoRenewal | Select-Object -First 1
        $line.User | Should -Not -BeNullOrEmpty
        $line.Machine | Should -Not -BeNullOrEmpty
        $line.SubjectName | Should -Be 'www.test'
        $line.Succeeded | Should -BeTrue
        (TabExpansion2 'Get-KmAuditEvent -Category S').CompletionMatches.CompletionText | Should -Contain 'Schedule'
    }

    It 'goes to a file as <Format> whole, and not over another' -ForEach @(
        @{ Format = 'Csv'; First = 'Number,Time,Category*' }
        @{ Format = 'JsonLines'; First = '{"Number":1,*' }
        @{ Format = 'Syslog'; First = '<110>1 20*KeyManager - *' }
        @{ Format = 'Cef'; First = 'CEF:0|KeyManager|KeyManager|*' }
    ) {
        Export-KmAuditEvent "audit.$Format" -Format $Format
        $lines = Get-Content "audit.$Format"
        $lines[0] | Should -BeLike $First
        (Get-Problem { Export-KmAuditEvent "audit.$Format" -Format $Format })[0].FullyQualifiedErrorId | Should -BeLike 'KmFileExists*'
        Export-KmAuditEvent "audit.$Format" -Format $Format -Force
    }

    It 'can be read back from CSV and JSON, and goes down the pipeline' {
        $all = @(Get-KmAuditEvent AutoRenewal)
        @(Export-KmAuditEvent -Category AutoRenewal | ForEach-Object { $_ | ConvertFrom-Json }).Hash | Sort-Object | Should -Be ($all.Hash | Sort-Object)
        Export-KmAuditEvent some.csv -Format Csv -Category AutoRenewal
        @(Import-Csv some.csv).Count | Should -Be $all.Count
    }

    It 'is whole, and loses nothing that is young' {
        Test-KmAuditTrail | Should -BeTrue
        (Get-Problem { Remove-KmAuditEvent -Before (Get-Date) -Force })[0].FullyQualifiedErrorId | Should -BeLike 'KmInvalidParameter*'
        Remove-KmAuditEvent -Before (Get-Date).AddDays(-60) -Force
        Test-KmAuditTrail | Should -BeTrue
        $null = Set-KmSetting AuditKeepDays 400
        $null = Invoke-KmRenewal
        Test-KmAuditTrail | Should -BeTrue
    }

    It 'leaves everything alone with -WhatIf: <what>' -ForEach @(
        @{ what = 'Remove-KmAuditEvent'; call = { Remove-KmAuditEvent -Before ([DateTimeOffset]::Now.AddDays(-31)) -Force -WhatIf } }
    ) {
        $before = Get-StoreState
        & $call 6>$null
        Get-StoreState | Should -Be $before
    }
}
