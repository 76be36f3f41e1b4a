#requires -Version 5.1
# emSign at the prompt, the steps of its documents one by one, against its strict stand-in. Without that program, which dotnet builds, all of it is skipped.

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    $none = -not (Get-SslStoreProgram)
    if ($none) { Write-Host 'emSign at the prompt: skipped, it needs its stand-in (dotnet build tests/SslStoreServer) and PowerShell 7' }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    if (-not (Get-SslStoreProgram)) { return }
    $emSign = Start-SslStore $TestDrive -Kind emsign
    $key = 'canary-key-91b2c7'
    $null = Start-KmTest $TestDrive
    Set-Content ./dns.ps1 -Value @"
param([string] `$Action, [string] `$Type, [string] `$DomainName, [string] `$Location, [string] `$Value, [string] `$Token, [string] `$OrderId)
if (`$Type -ne 'DnsTxt') { throw "What is `$Type?" }
`$file = Join-Path '$($emSign.Records)' `$Location
if (`$Action -eq 'Add') { Set-Content -LiteralPath `$file -Value `$Value } else { Remove-Item -LiteralPath `$file -ErrorAction SilentlyContinue }
"@
}

AfterAll {
    Stop-KmTest
    if ($emSign) { Stop-SslStore $emSign }
}

Describe 'emSign at the prompt' {
    It 'is proved against a strict server' {
        if (-not (Get-SslStoreProgram)) { Set-ItResult -Skipped -Because 'it needs its stand-in (dotnet build tests/SslStoreServer) and PowerShell 7' }
    }
}

Describe 'What there is to read' {
    It 'says where the access key is made' {
        $text = Get-Help about_KmEmSign | Out-String
        $text | Should -Match 'Generate Access Key'
        $text | Should -Match ([regex]::Escape('https://docs.emsign.com/emsign-certinext/'))
    }

    It 'is known without asking anybody' {
        $about = Get-KmAuthority EmSign
        $about.ChargesMoney | Should -BeTrue
        ($about.Addresses.Values | Sort-Object)[0] | Should -Be 'https://api.certinext.io/emSignHub-API/'
    }
}

Describe 'The account' -Skip:$none {
    It 'is asked for when there is none' {
        (Get-Problem { New-KmCertificateOrder www.contoso.com -Product 842 }).ErrorDetails.RecommendedAction | Should -BeLike '*New-KmAccount*'
    }

    It 'is not made with a wrong key' {
        $problem = Get-Problem { New-KmAccount emsign EmSign -AccountNumber 1234567890 -AccessKey (New-Password wrong) -BaseUrl $emSign.Url }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmCredentialRejected,*'
        @(Get-KmAccount).Count | Should -Be 0
    }

    It 'is made, tried out, and brings what emSign keeps for it' {
        $null = New-KmContact ops -FirstName Ada -LastName Berg -Email ops@contoso.com -Phone '+49 30 1234' -Title 'Head of IT'
        $account = New-KmAccount emsign EmSign -AccountNumber 1234567890 -AccessKey (New-Password $key) -BaseUrl $emSign.Url -Setting @{ Requester = 'ops'; SignerPlace = 'Berlin'; SignerAddress = '203.0.113.10' }
        $account.IsDefault | Should -BeTrue
        Test-KmAccount emsign | Should -BeTrue
        (Get-KmGroup).Name | Should -Be 'Empty', 'Lab', 'Web'
        (Get-KmOrganization -Account emsign).Name | Should -Be 'Contoso GmbH', 'Fabrikam Ltd'
        (Get-KmDomain *proved*).IsValidated | Should -BeTrue
        (Get-KmProduct).Code | Should -Contain '842'
    }

    It 'shows groups and domains as tables that fit' {
        Get-Text (Get-KmGroup) 79 | Should -Match '2345678901 +Web +True +500 +emsign'
        Get-Text (Get-KmDomain) 79 | Should -Match 'proved.contoso.com +True +2099-01-02 +Active, Validated +emsign'
    }

    It 'is synced in parts' {
        $before = (Invoke-SslStore $emSign calls).Split(' ').Count
        $null = Sync-KmAccount emsign -Scope Domain, Group
        @((Invoke-SslStore $emSign calls).Split(' ')).Count - $before | Should -Be 2
    }
}

Describe 'An order' -Skip:$none {
    It 'costs nothing before the charges are accepted' {
        $problem = Get-Problem { New-KmCertificateOrder www.contoso.com -Product 842 }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmChargesNotAccepted,*'
        "$problem" | Should -BeLike '*30.00 USD*'
        $null = New-KmCertificateOrder www.contoso.com -Product 842 -WhatIf 6>$null
        Invoke-SslStore $emSign ledger | Should -BeNullOrEmpty
    }

    It 'has every field of the form' {
        $order = New-KmCertificateOrder contoso.com -Product 842 -Organization 'Contoso GmbH' -Requester ops -TechnicalContact ops -SubscriptionYears 2 -IncludeWww -Comment 'for the shop' `
            -KeyAlgorithm Rsa -KeyLength 2048 -KeystoreType Jks -KeystorePassword (New-Password secret-42) -ChallengeScript ./dns.ps1 -AcceptCharges
        $order.Status | Should -Be 'PendingValidation'
        $order.NextStep | Should -BeLike "Prove control of *: Invoke-KmChallenge $($order.Id)"
        (Get-KmCertificateOrder $order.Id | Format-List | Out-String) | Should -Match 'NextStep'
        $done = $order | Invoke-KmChallenge -Resolver $emSign.Resolver
        $done.Status | Should -Be 'Saved'
        (Get-KmCertificate contoso.com).DomainNames.Ascii | Sort-Object | Should -Be 'contoso.com', 'www.contoso.com'
        Get-ChildItem $emSign.Records | Should -BeNullOrEmpty
    }

    It 'takes a request that was stored' {
        $null = New-KmCsr -DomainName csr.contoso.com -Name stored
        (New-KmCertificateOrder -CsrName stored -Product 842 -WebRootPath $emSign.WebRoot -AcceptCharges | Invoke-KmChallenge).Status | Should -Be 'Saved'
        Get-ChildItem $emSign.WebRoot -Recurse -File -Force | Should -BeNullOrEmpty
    }

    It 'waits for people, and is fetched once it is issued' {
        $null = New-KmOrganization own -LegalName 'Own GmbH' -AddressLine1 'Hauptstr. 1' -City Berlin -Region Berlin -PostalCode 10115 -Country DE -Phone '+49 30 1234'
        $order = New-KmCertificateOrder proved.contoso.com -Product 'emSign OV SSL' -Organization own -AcceptCharges
        $order.NextStep | Should -BeLike 'emSign validates the organization*'
        ($order | Sync-KmCertificateOrder).Status | Should -Be 'Processing'
        $null = Invoke-SslStore $emSign vet
        ($order | Sync-KmCertificateOrder).Status | Should -Be 'Saved'
        (Get-KmCertificate proved.contoso.com).Authority | Should -Be 'EmSign'
    }

    It 'is proved by a mail' {
        $order = New-KmCertificateOrder mail.contoso.com -Product 842 -ApproverEmail hostmaster@contoso.com -AcceptCharges 3>$null
        $null = $order | Submit-KmChallenge
        $null = Invoke-SslStore $emSign mail
        ($order | Sync-KmCertificateOrder).Status | Should -Be 'Saved'
    }

    It 'is cancelled with a confirmation' {
        $order = New-KmCertificateOrder gone.contoso.com -Product 842 -AcceptCharges
        $null = $order | Stop-KmCertificateOrder -Comment 'not needed' -Confirm:$false
        (Get-KmCertificateOrder $order.Id).Status | Should -Be 'Cancelled'
    }
}

Describe 'After that' -Skip:$none {
    It 'imports the orders of the portal, without the certificates that are left out' {
        $number = Invoke-SslStore $emSign 'foreign other.contoso.com'
        $imported = Import-KmCertificateOrder emsign -Exclude Expired, Revoked, Rejected
        ($imported | Where-Object AuthorityOrderId -eq $number).Origin | Should -Be 'Imported'
        (Get-KmCertificate other.contoso.com).Origin | Should -Be 'Imported'
    }

    It 'revokes with a reason and a comment' {
        Get-ErrorId { Revoke-KmCertificate contoso.com -Confirm:$false } | Should -Be 'KmAuthorityCannot'
        $null = Revoke-KmCertificate contoso.com -Reason Superseded -Comment 'replaced; gone' -Confirm:$false
        (Get-KmCertificate contoso.com).Status | Should -Be 'Revoked'
    }

    It 'deletes orders here only, and brings them back' {
        $orders = @(Get-KmCertificateOrder | Where-Object Status -eq 'Saved')
        $orders | Remove-KmCertificateOrder -Confirm:$false 3>$null
        @(Get-KmCertificateOrder | Where-Object Status -eq 'Saved').Count | Should -Be 0
        @(Get-KmCertificate).Count | Should -BeGreaterThan 3
        $null = Import-KmCertificateOrder emsign
        @(Get-KmCertificateOrder | Where-Object Status -eq 'Saved').Count | Should -BeGreaterOrEqual $orders.Count
    }

    It 'has kept to the API all along, and told no secret' {
        Invoke-SslStore $emSign violations | Should -BeNullOrEmpty
        (Get-KmAccount | Format-List * | Out-String) | Should -Not -Match $key
        (Get-KmAuditEvent | Format-List * | Out-String) | Should -Not -Match $key
    }
}
