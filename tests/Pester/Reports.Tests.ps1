#requires -Version 5.1
# Labels and reports: written at an order, changed in bulk, found again, counted, exported.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
}

AfterAll {
    Stop-KmTest
}

Describe 'Labels and reports' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private
        $null = New-KmCertificateOrder a.test -Tag shop, web -Owner 'web team' -Group shop/eu -Note 'first' | Invoke-KmChallenge
        $null = 'b.test', 'c.test' | New-KmCertificateOrder | Invoke-KmChallenge
    }

    It 'hands what an order is for on to the certificate and its renewal' {
        $null = Update-KmCertificate a.test -Force
        $certificate = Get-KmCertificate a.test
        $certificate.Version | Should -Be 2
        $certificate.Tags | Should -Be @('shop', 'web')
        "$($certificate.Owner)|$($certificate.Group)|$($certificate.Note)" | Should -Be 'web team|shop/eu|first'
        ($certificate | Format-List | Out-String) | Should -Match 'Owner\s*: web team'
        (Get-KmCertificateOrder -Tag shop).Count | Should -Be 2
    }

    It 'changes many at once and finds them again' {
        $null = Get-KmCertificate -Owner '' | Set-KmCertificate -Owner Ann -AddTag late
        (Get-KmCertificate -Owner ann).Name | Should -Be @('b.test', 'c.test')
        (Get-KmCertificate -Tag s*, late | Select-Object -First 1).Name | Should -Be 'a.test'
        $null = Get-KmCertificate b.test | Set-KmCertificate -RemoveTag * -Owner ''
        (Get-KmCertificate -Owner '').Name | Should -Be 'b.test'
        { Set-KmCertificate b.test -AddTag 'a,*' -ErrorAction Stop } | Should -Throw -ErrorId 'KmInvalidParameter*'
    }

    It 'completes labels that there are' {
        (TabExpansion2 'Get-KmCertificate -Tag ' 23).CompletionMatches.ListItemText | Should -Contain 'shop'
        (TabExpansion2 'Set-KmCertificate a.test -Owner ' 32).CompletionMatches.CompletionText | Should -Contain "'web team'"
    }

    It 'takes labels from the columns of a table' {
        "DomainName,Tag,Owner`nd.test,x;y,Bob`ne.test,," | Set-Content rows.csv
        $orders = Import-Csv rows.csv | New-KmCertificateOrder
        $orders[0].Tags | Should -Be @('x', 'y')
        $orders[1].Owner | Should -BeNullOrEmpty
    }

    It 'counts <_>' -ForEach 'Expiry', 'Inventory', 'Orders', 'Renewals', 'Deployments', 'KeyStrength', 'Compliance' {
        $counts = @(Get-KmReport $_)
        if ($_ -ne 'Deployments') { $counts.Count | Should -BeGreaterThan 1 }
        { Get-KmReport $_ -Detail -ErrorAction Stop } | Should -Not -Throw
        ($counts | Format-Table | Out-String) | Should -Not -Match 'KeyManager\.'
    }

    It 'exports a page, a table and JSON that can be read back' {
        $page = Export-KmReport Expiry expiry.html
        $page | Should -BeOfType ([System.IO.FileInfo])
        (Get-Content $page.FullName -Raw) | Should -Match 'Content-Security-Policy'
        $null = Export-KmReport -Type Inventory -Path inventory.csv
        $rows = @(Import-Csv inventory.csv)
        $rows.Count | Should -Be 3
        $rows[0].'Certificate name' | Should -Be 'a.test'
        $rows[0].Description | Should -Be 'first'
        $null = Get-KmCertificate -Tag shop | Export-KmReport -Type Inventory -Path shop.json
        $json = Get-Content shop.json -Raw | ConvertFrom-Json
        @($json.rows).Count | Should -Be 1
        $json.rows[0].name | Should -Be 'a.test'
        { Export-KmReport Expiry expiry.html -ErrorAction Stop } | Should -Throw -ErrorId 'KmFileExists*'
        { Export-KmReport Expiry expiry.txt -ErrorAction Stop } | Should -Throw -ErrorId 'KmInvalidParameter*'
    }

    It 'is about nothing when nothing comes through the pipeline' {
        $null = Get-KmCertificate -Tag none | Export-KmReport -Type Inventory -Path nothing.csv
        @(Import-Csv nothing.csv).Count | Should -Be 0
    }

    It 'sends a report by a notification policy' {
        'param($Subject, $Text, $Event, $Name) "$Subject" | Add-Content sent.txt' | Set-Content tell.ps1
        (Get-Content tell.ps1 -Raw).Replace('sent.txt', (Join-Path $PWD.Path 'sent.txt')) | Set-Content tell.ps1
        $null = Set-KmNotificationPolicy weekly -Channel Script -ScriptPath tell.ps1 -Event Report -Report Expiry -Every Week
        Send-KmNotification -Pending
        Send-KmNotification -Pending
        @(Get-Content sent.txt).Count | Should -Be 1
        Get-Content sent.txt | Should -Match 'Certificates by their end'
    }
}
