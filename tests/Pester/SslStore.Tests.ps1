#requires -Version 5.1
# The SSL Store at the prompt, from signing up to a refund, against its strict stand-in. Without that program, which dotnet builds, all of it is skipped.

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    $none = -not (Get-SslStoreProgram)
    if ($none) { Write-Host 'The SSL Store at the prompt: skipped, it needs its stand-in (dotnet build tests/SslStoreServer) and PowerShell 7' }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    if (-not (Get-SslStoreProgram)) { return }
    $store = Start-SslStore $TestDrive
    $token = 'canary-token-7f3a91'
    $null = Start-KmTest $TestDrive
    # Here, because what a block makes in the test drive goes with the block.
    Set-Content ./dns.ps1 -Value @"
param([string] `$Action, [string] `$Type, [string] `$DomainName, [string] `$Location, [string] `$Value, [string] `$Token, [string] `$OrderId)
if (`$Type -ne 'DnsCname') { throw "What is `$Type?" }
`$file = Join-Path '$($store.Records)' `$Location
if (`$Action -eq 'Add') { Set-Content -LiteralPath `$file -Value `$Value } else { Remove-Item -LiteralPath `$file -ErrorAction SilentlyContinue }
"@
}

AfterAll {
    Stop-KmTest
    if ($store) { Stop-SslStore $store }
}

Describe 'The SSL Store at the prompt' {
    It 'is proved against a strict server' {
        if (-not (Get-SslStoreProgram)) { Set-ItResult -Skipped -Because 'it needs its stand-in (dotnet build tests/SslStoreServer) and PowerShell 7' }
    }
}

Describe 'What there is to read' {
    It 'says where to sign up' {
        $text = Get-Help about_KmSslStore | Out-String
        $text | Should -Match ([regex]::Escape('https://www.thesslstore.com/partner/zoho-enterprise-signup.aspx'))
        $text | Should -Match 'Partner ID'
    }

    It 'has one set of parameters for authorities that sell and one for the others' {
        $sets = (Get-Command New-KmCertificateOrder).ParameterSets
        $sets.Name | Sort-Object | Should -Be 'Product', 'Request'
        ($sets | Where-Object Name -eq 'Request').Parameters.Name | Should -Not -Contain 'ValidityMonths'
        ($sets | Where-Object Name -eq 'Product').Parameters.Name | Should -Not -Contain 'Profile'
    }

    It 'is known without asking anybody' {
        $about = Get-KmAuthority SslStore
        $about.ChargesMoney | Should -BeTrue
        ($about.Addresses.Values | Sort-Object)[0] | Should -Be 'https://api.thesslstore.com/rest/'
    }
}

Describe 'An account' -Skip:$none {
    It 'is not made with a wrong token' {
        $problem = Get-Problem { New-KmAccount store1 SslStore -PartnerCode 12345678 -AuthToken (New-Password wrong) -BaseUrl $store.Url }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmCredentialRejected,*'
        $problem.ErrorDetails.RecommendedAction | Should -BeLike '*sandbox*'
        @(Get-KmAccount).Count | Should -Be 0
    }

    It 'is made, tried out, and becomes the default' {
        $null = New-KmContact ops -FirstName Ada -LastName Berg -Email ops@contoso.com -Phone '+49 30 1234'
        $account = New-KmAccount store1 SslStore -PartnerCode 12345678 -AuthToken (New-Password $token) -BaseUrl $store.Url -Setting @{ AdminContact = 'ops' }
        $account.IsDefault | Should -BeTrue
        Test-KmAccount store1 | Should -BeTrue
    }

    It 'shows its catalogue as a table that fits, and completes it' {
        $text = Get-Text (Get-KmProduct) 79
        $text | Should -Match 'positivessl +Sectigo +DV +12,24 +10.00 USD'
        Get-Completion 'New-KmCertificateOrder x.test -Vendor RapidSSL -Product ' | Should -Be 'digi_rapidssl'
        Get-Completion 'Get-KmProduct -Vendor Sec' | Should -Be 'Sectigo'
        Get-Completion 'New-KmCertificateOrder x.test -AdminContact ' | Should -Contain 'ops'
        Get-ErrorId { Get-KmProduct nothing } | Should -Be 'KmProductNotFound'
    }
}

Describe 'An order' -Skip:$none {
    It 'names its price under -WhatIf and orders nothing' {
        $null = New-KmCertificateOrder www.contoso.com -Product positivessl -WhatIf 6>$null
        Invoke-SslStore $store calls | Should -Match 'order/validate'
        Invoke-SslStore $store ledger | Should -BeNullOrEmpty
        @(Get-KmCertificateOrder).Count | Should -Be 0
    }

    It 'costs nothing before the charges are accepted' {
        $problem = Get-Problem { New-KmCertificateOrder www.contoso.com -Product positivessl }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmChargesNotAccepted,*'
        "$problem" | Should -BeLike '*10.00 USD*'
    }

    It 'is proved by a file that the authority fetches' {
        $order = New-KmCertificateOrder www.contoso.com, contoso.com -Product positivessl -ValidityMonths 24 -WebRootPath $store.WebRoot -AcceptCharges
        $order.Status | Should -Be 'PendingValidation'
        @($order | Get-KmChallenge)[0].Location | Should -BeLike 'http://www.contoso.com/.well-known/pki-validation/*'
        ($order | Invoke-KmChallenge).Status | Should -Be 'Saved'
        Get-ChildItem $store.WebRoot -Recurse -File -Force | Should -BeNullOrEmpty
        (Get-KmCertificate www.contoso.com).Authority | Should -Be 'SslStore'
    }

    It 'is proved by a record that the authority asks for' {
        $done = New-KmCertificateOrder a.contoso.com, b.contoso.com -Product positivemdcssl -ChallengeScript ./dns.ps1 -AcceptCharges | Invoke-KmChallenge -Resolver $store.Resolver
        $done.Status | Should -Be 'Saved'
        Get-ChildItem $store.Records | Should -BeNullOrEmpty
    }

    It 'of an organization waits for people, with all that is missing named at once' {
        Get-ErrorId { New-KmCertificateOrder shop.contoso.com -Product sectigoovssl -AcceptCharges } | Should -Be 'KmOrganizationRequired'
        $null = New-KmOrganization contoso -LegalName 'Contoso GmbH' -Country DE
        $problem = Get-Problem { New-KmCertificateOrder shop.contoso.com -Product sectigoovssl -Organization contoso -AcceptCharges }
        "$problem" | Should -BeLike '*-AddressLine1, -City, -Region, -PostalCode, -Phone*'
        $null = Set-KmOrganization contoso -AddressLine1 'Hauptstr. 1' -City Berlin -Region Berlin -PostalCode 10115 -Phone '+49 30 1234'
        $order = New-KmCertificateOrder shop.contoso.com -Product sectigoovssl -Organization contoso -WebRootPath $store.WebRoot -AcceptCharges
        Get-ErrorId { $order | Invoke-KmChallenge -Timeout 00:00:02 } | Should -Be 'KmOrderWaitTimeout'
        (Get-KmCertificateOrder $order.Id).Status | Should -Be 'Processing'
        $null = Invoke-SslStore $store vet
        ($order | Sync-KmCertificateOrder).Status | Should -Be 'Saved'
    }

    It 'is approved by mail, with a warning that this ends' {
        Get-KmApproverEmail mail.contoso.com -Product positivessl | ForEach-Object { $_.Address } | Should -Be 'admin@contoso.com', 'hostmaster@contoso.com'
        $order = New-KmCertificateOrder mail.contoso.com -Product positivessl -ApproverEmail admin@contoso.com -AcceptCharges -WarningVariable said -WarningAction SilentlyContinue
        "$said" | Should -BeLike '*2028-03-15*'
        ($order | Send-KmChallengeEmail -ApproverEmail hostmaster@contoso.com).Challenges.Location | Should -Be 'hostmaster@contoso.com'
        $null = Invoke-SslStore $store mail
        ($order | Wait-KmCertificateOrder -Timeout 00:00:30).Status | Should -Be 'Saved'
    }

    It 'comes from each row of a table, also without a parameter that tells rows of this kind from others' {
        Set-Content ./orders.csv -Value 'DomainName,Product,ValidityMonths,Organization,ServerType', 'c.contoso.com,positivessl,12,,iis', 'd.contoso.com,nothing,,,', 'e.contoso.com,sectigoovssl,,contoso,'
        $before = @((Invoke-SslStore $store ledger) -split ' ').Count
        $ids = @(Get-ErrorId { Import-Csv ./orders.csv | New-KmCertificateOrder -WhatIf 6>$null })
        $ids | Should -Be 'KmProductNotFound'
        $orders = @(Import-Csv ./orders.csv | New-KmCertificateOrder -AcceptCharges -ErrorAction SilentlyContinue)
        $orders.Name | Should -Be 'c.contoso.com', 'e.contoso.com'
        $orders[0].ServerType | Should -Be 'iis'
        @((Invoke-SslStore $store ledger) -split ' ').Count | Should -Be ($before + 2)
    }
}

Describe 'Afterwards' -Skip:$none {
    It 'a certificate is issued again within the term, with another key, for nothing' {
        $before = @((Invoke-SslStore $store ledger) -split ' ').Count
        $old = Get-KmCertificate www.contoso.com
        (Request-KmCertificateReissue www.contoso.com | Invoke-KmChallenge).Status | Should -Be 'Saved'
        $new = Get-KmCertificate www.contoso.com
        $new.Version | Should -Be 2
        $new.PrivateKeyId | Should -Not -Be $old.PrivateKeyId
        (Update-KmCertificate www.contoso.com -Force).ReissuesOrderId | Should -Not -BeNullOrEmpty
        @((Invoke-SslStore $store ledger) -split ' ').Count | Should -Be $before
    }

    It 'orders from elsewhere are imported, again without a change, and reissued only when that is meant' {
        $number = Invoke-SslStore $store 'foreign foreign.contoso.com'
        $orders = @(Import-KmCertificateOrder store1)
        $mine = $orders | Where-Object AuthorityOrderId -eq $number
        $mine.Origin | Should -Be 'Imported'
        (Get-KmCertificate foreign.contoso.com).HasPrivateKey | Should -BeFalse
        $state = Get-StoreState
        $null = Import-KmCertificateOrder store1
        Get-StoreState | Should -Be $state
        Get-ErrorId { Request-KmCertificateReissue foreign.contoso.com } | Should -Be 'KmReissueNotAllowed'
        (Request-KmCertificateReissue foreign.contoso.com -AllowImported -PrivateKey (New-KmCsr foreign.contoso.com -Name own).PrivateKeyId -ChallengeScript ./dns.ps1 |
            Invoke-KmChallenge -Resolver $store.Resolver).Status | Should -Be 'Saved'
    }

    It '<what> asks and changes nothing under -WhatIf' -ForEach @(
        @{ what = 'Import-KmCertificateOrder'; call = { Import-KmCertificateOrder store1 -WhatIf } }
        @{ what = 'Request-KmCertificateReissue'; call = { Request-KmCertificateReissue www.contoso.com -WhatIf } }
        @{ what = 'Send-KmChallengeEmail'; call = { Send-KmChallengeEmail mail.contoso.com -WhatIf } }
        @{ what = 'Sync-KmAccount'; call = { Sync-KmAccount store1 -WhatIf } }
    ) {
        $state = Get-StoreState
        $calls = Invoke-SslStore $store calls
        & $call 6>$null | Should -BeNullOrEmpty
        Get-StoreState | Should -Be $state
        Invoke-SslStore $store calls | Should -Be $calls
        # Without it something is asked; what comes of it is tested above.
        & ([scriptblock]::Create("$call".Replace('-WhatIf', '-ErrorAction SilentlyContinue'))) | Out-Null
        if ($what -ne 'Send-KmChallengeEmail') { Invoke-SslStore $store calls | Should -Not -Be $calls }
    }

    It 'a removed order comes back' {
        $order = Get-KmCertificateOrder mail.contoso.com | Select-Object -First 1
        Remove-KmCertificateOrder $order -Force -WarningVariable said -WarningAction SilentlyContinue
        "$said" | Should -BeLike '*here only*'
        (Import-KmCertificateOrder store1 -OrderId $order.AuthorityOrderId).Name | Should -Be 'mail.contoso.com'
    }

    It 'an order is cancelled when the authority agrees' {
        $order = Stop-KmCertificateOrder a.contoso.com -Force -WarningAction SilentlyContinue
        $order.Status | Should -Be 'Saved'
        $null = Invoke-SslStore $store refund
        ($order | Sync-KmCertificateOrder).Status | Should -Be 'Revoked'
        (Get-KmCertificate a.contoso.com).Status | Should -Be 'Revoked'
    }

    It 'a certificate is revoked' {
        (Revoke-KmCertificate shop.contoso.com -Force -WarningAction SilentlyContinue).Status | Should -Be 'Revoked'
    }

    It 'has kept to what is documented, and nobody has seen the token' {
        Invoke-SslStore $store violations | Should -BeNullOrEmpty
        $seen = @(Get-KmAccount | Format-List * | Out-String; Get-KmCertificateOrder | Format-List * | Out-String; Get-KmAuditEvent | Format-List * | Out-String; $Error | Out-String) -join ''
        $seen | Should -Not -Match $token
        [System.IO.File]::ReadAllText($env:KM_STORE, [System.Text.Encoding]::Latin1) | Should -Not -Match $token
    }
}
