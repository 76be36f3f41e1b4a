#requires -Version 5.1
# ACME at the prompt, step by step as an administrator goes, against Pebble. Without Pebble all of it is skipped.

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    $none = -not (Test-Pebble)
    if ($none) { Write-Host 'ACME at the prompt: skipped, it needs pebble and pebble-challtestsrv on PATH (Debian: apt-get install pebble) and PowerShell 7' }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    if (-not (Test-Pebble)) { return }
    $pebble = Start-Pebble $TestDrive
    $server = @{ DirectoryUrl = $pebble.Url; TrustedRootPath = $pebble.Root }
    $listen = @{ ChallengeType = 'Http01'; ListenAddress = "127.0.0.1:$($pebble.HttpPort)" }

    # A store with an account that is registered.
    function Start-AcmeTest {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount pebble @server -AcceptTermsOfService
    }
}

AfterAll {
    Stop-KmTest
    if ($pebble) { Stop-Pebble $pebble }
}

Describe 'ACME at the prompt' {
    It 'is proved against Pebble' {
        if (-not (Test-Pebble)) {
            Set-ItResult -Skipped -Because 'it needs pebble and pebble-challtestsrv on PATH (Debian: apt-get install pebble) and PowerShell 7'
        }
    }
}

Describe 'Looking at a server' -Skip:$none {
    BeforeAll {
        $null = Start-KmTest $TestDrive -WithoutStore
        $description = Get-KmAuthority @server
    }

    It 'shows what it says of itself' {
        $description.Kind | Should -Be 'Acme'
        $description.Addresses.Values | Should -Be $pebble.Url
        $description.TermsOfService | Should -Not -BeNullOrEmpty
        $description.NeedsExternalAccount | Should -BeFalse
    }

    It 'is a list for people' {
        $text = Get-Text $description 160 -List
        $text | Should -Match ([regex]::Escape($pebble.Url))
        $text | Should -Match 'TermsOfService +: \S'
    }
}

Describe 'An account' -Skip:$none {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $passphrase = New-Password 'canary-account-4811'
    }

    It 'is not made without the terms being accepted, and the error names them' {
        $problem = Get-Problem { New-KmAccount acme @server -Contact admin@contoso.com }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmTermsOfServiceNotAccepted,*'
        $problem.TargetObject | Should -Be (Get-KmAuthority @server).TermsOfService
        $problem.ErrorDetails.RecommendedAction | Should -BeLike '*-AcceptTermsOfService*'
        @(Get-KmAccount).Count | Should -Be 0
    }

    It 'is registered with name, e-mail address and the terms' {
        $account = New-KmAccount acme @server -Contact admin@contoso.com -AcceptTermsOfService
        $account.Authority | Should -Be 'Acme'
        $account.Status | Should -Be 'Valid'
        $account.IsDefault | Should -BeTrue
        $account.AuthorityAccountId | Should -BeLike "$($pebble.Url -replace '/dir$')/*"
    }

    It 'is there, and works' {
        (Get-KmAccount acme).Contact | Should -Be 'admin@contoso.com'
        $said = Test-KmAccount acme -Verbose 4>&1
        $said[-1] | Should -BeTrue
        "$said" | Should -BeLike "*valid*"
    }

    It 'is not made twice under one name' {
        Get-ErrorId { New-KmAccount acme @server -AcceptTermsOfService } | Should -Be 'KmAccountAlreadyExists'
    }

    It 'gets another e-mail address, at the authority too' {
        (Set-KmAccount acme -Contact tls@contoso.com).Contact | Should -Be 'tls@contoso.com'
        $null = Export-KmAccountKey acme ./contact.json -Format Jwk -Force
        Get-ErrorId { Add-KmAccount again -KeyPath ./contact.json @server } | Should -Be 'KmAccountAlreadyExists'
        # What an account is taken up with comes from the authority.
        Remove-KmAccount acme -Force -WarningAction SilentlyContinue
        (Add-KmAccount acme -KeyPath ./contact.json @server -Default).Contact | Should -Be 'tls@contoso.com'
    }

    It 'gives its key away as a PEM file with a password, which only its owner can read' {
        $file = Export-KmAccountKey acme ./acme.pem -Passphrase $passphrase -Force
        $file.IsPrivate | Should -BeTrue
        Get-Content ./acme.pem | Select-Object -First 1 | Should -Be '-----BEGIN ENCRYPTED PRIVATE KEY-----'
        if ($IsLinux) { (Get-Item ./acme.pem).UnixMode | Should -Be '-rw-------' }
        Get-ErrorId { Export-KmAccountKey acme ./acme.pem -Passphrase $passphrase -Confirm:$false } | Should -Be 'KmFileExists'
    }

    It 'gives its key away as a JSON Web Key, and says that nothing protects that' {
        $null = Export-KmAccountKey acme ./acme.json -Format Jwk -Force
        $key = Get-Content ./acme.json -Raw | ConvertFrom-Json
        $key.kty, $key.crv | Should -Be @('EC', 'P-256')
        $key.d | Should -Not -BeNullOrEmpty
        Get-ErrorId { Export-KmAccountKey acme ./other.json -Format Jwk -Passphrase $passphrase -Force } | Should -Be 'KmInvalidParameter'
    }

    It 'is removed here, and the user is told that the authority keeps it' {
        $before = Get-KmAccount acme
        Remove-KmAccount acme -Force -WarningVariable said -WarningAction SilentlyContinue
        "$said" | Should -BeLike '*here only*'
        @(Get-KmAccount).Count | Should -Be 0
        $before.AuthorityAccountId | Should -Not -BeNullOrEmpty
        Set-Content ./account-url.txt $before.AuthorityAccountId
    }

    It 'is not taken up with a wrong password, nor with a key that is none' {
        Get-ErrorId { Add-KmAccount acme -KeyPath ./acme.pem -Passphrase (New-Password wrong) @server } | Should -Be 'KmWrongPassword'
        Get-ErrorId { Add-KmAccount acme -KeyPath ./acme.pem @server } | Should -Be 'KmKeystorePasswordRequired'
        Set-Content ./none.json '{ "kty": "EC", "crv": "P-256" }'
        Get-ErrorId { Add-KmAccount acme -KeyPath ./none.json @server } | Should -Be 'KmPrivateKeyUnreadable'
        @(Get-KmAccount).Count | Should -Be 0
    }

    It 'is taken up again with its key: the same account' {
        $account = Add-KmAccount acme -KeyPath ./acme.pem -Passphrase $passphrase @server
        $account.AuthorityAccountId | Should -Be (Get-Content ./account-url.txt)
        $account.Status | Should -Be 'Valid'
        Test-KmAccount acme | Should -BeTrue
    }

    It 'gets a new key, and is not known by the old one any more' {
        (Set-KmAccount acme -ChangeKey).AuthorityAccountId | Should -Be (Get-Content ./account-url.txt)
        Test-KmAccount acme | Should -BeTrue
        Get-ErrorId { Add-KmAccount old -KeyPath ./acme.pem -Passphrase $passphrase @server } | Should -Be 'KmAccountNotFound'
        (Get-KmAccount).Name | Should -Be 'acme'
    }

    It 'whose registration was interrupted is Pending, and the same command goes on' {
        $deaf = Start-DeafServer
        try {
            $stop = Stop-Command "New-KmAccount begun -DirectoryUrl http://$($deaf.LocalEndpoint)/dir -AcceptTermsOfService -StorePath '$env:KM_STORE'" -When { $deaf.Pending() }
            $stop.State | Should -Be 'Stopped' -Because "$($stop.Errors)"
        } finally {
            $deaf.Stop()
        }

        (Get-KmAccount begun).Status | Should -Be 'Pending'
        Get-Text (Get-KmAccount begun) 79 | Should -Match 'Pending'
        Get-ErrorId { New-KmCertificateOrder begun.test -Account begun } | Should -Not -BeNullOrEmpty
        (New-KmAccount begun @server -AcceptTermsOfService).Status | Should -Be 'Valid'
        Remove-KmAccount begun -Force -WarningAction SilentlyContinue
    }

    It 'of a customer is bound with a key id and a key' {
        $key = New-Password 'zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W'
        $account = New-KmAccount bound @server -AcceptTermsOfService -EabKeyId kid-1 -EabKey $key
        $account.Settings.EabKeyId | Should -Be 'kid-1'
        $account.Settings.Keys | Should -Not -Contain 'EabKey'
        Get-ErrorId { New-KmAccount wrong @server -AcceptTermsOfService -EabKeyId kid-9 -EabKey $key } | Should -Be 'KmAuthorityRejected'
        Get-ErrorId { New-KmAccount half @server -AcceptTermsOfService -EabKeyId kid-1 } | Should -Be 'KmExternalAccountRequired'
        (Get-KmAccount).Name | Sort-Object | Should -Be @('acme', 'bound')
    }

    It 'of a server for customers only is refused without them' {
        $customers = Start-Pebble $TestDrive -RequireExternalAccount
        try {
            $problem = Get-Problem { New-KmAccount customer -DirectoryUrl $customers.Url -TrustedRootPath $customers.Root -AcceptTermsOfService }
            $problem.FullyQualifiedErrorId | Should -BeLike 'KmExternalAccountRequired,*'
            $problem.ErrorDetails.RecommendedAction | Should -BeLike '*-EabKeyId*-EabKey*'
        } finally {
            Stop-Pebble $customers
        }
    }

    It 'is given up for good' {
        $null = Export-KmAccountKey bound ./bound.pem -Force
        (Disable-KmAccount bound -Force).Status | Should -Be 'Deactivated'
        Get-ErrorId { New-KmCertificateOrder gone.test -Account bound } | Should -Be 'KmAccountDeactivated'
        Get-ErrorId { Test-KmAccount bound } | Should -Be 'KmAccountDeactivated'
        Get-ErrorId { Add-KmAccount back -KeyPath ./bound.pem @server } | Should -Be 'KmAccountDeactivated'
        (Get-KmAccount bound).Status | Should -Be 'Deactivated' -Because 'the store remembers it'
    }
}

Describe 'Proof by a web root' -Skip:$none {
    BeforeAll {
        Start-AcmeTest
        $null = New-Item -ItemType Directory ./www
        $web = Start-WebServer ./www $pebble.HttpPort
    }

    AfterAll {
        Stop-WebServer $web
    }

    It 'begins with an order for two names' {
        $order = New-KmCertificateOrder www.root.test, root.test -WebRootPath ./www -ChallengeType Http01 -KeyAlgorithm Rsa -KeyLength 2048
        $order.Status | Should -Be 'PendingValidation'
        $order.AuthorityOrderId | Should -BeLike 'https://*'
    }

    It 'shows what the authority wants to see' {
        $challenges = @(Get-KmChallenge www.root.test | Where-Object Type -eq Http01)
        $challenges.DomainName | ForEach-Object { "$_" } | Sort-Object | Should -Be @('root.test', 'www.root.test')
        $challenges[0].Location | Should -BeLike 'http://*root.test/.well-known/acme-challenge/*'
        $challenges[0].Value | Should -BeLike "$($challenges[0].Token).*"
        @($challenges | Where-Object PublishedBy).Count | Should -Be 0
    }

    It 'publishes' {
        $published = @(Publish-KmChallenge www.root.test)
        $published.Count | Should -Be 2
        $published.PublishedBy | Select-Object -Unique | Should -Be 'WebRoot'
        foreach ($challenge in $published) {
            Get-Content "./www/.well-known/acme-challenge/$($challenge.Token)" -Raw | Should -Be $challenge.Value
        }
    }

    It 'looks, and says what it found instead of the proof' {
        # These names lead nowhere from here; only Pebble is told where they are.
        $tests = @(Test-KmChallenge www.root.test)
        $tests.Count | Should -Be 2
        $tests.IsVisible | Should -Not -Contain $true
        $tests[0].Problem | Should -Not -BeNullOrEmpty
        Get-Text $tests 120 | Should -Match 'IsVisible|Visible'
    }

    It 'tells the authority' {
        $order = Submit-KmChallenge www.root.test
        Wait-Until { ($order | Sync-KmCertificateOrder).Status -eq 'Processing' }
        @(Get-KmChallenge www.root.test | Where-Object Status -eq Valid).Count | Should -Be 2
    }

    It 'takes the files away again' {
        Unpublish-KmChallenge www.root.test | Should -BeNullOrEmpty
        @(Get-ChildItem ./www -Recurse -File).Count | Should -Be 0
        @(Get-KmChallenge www.root.test | Where-Object PublishedBy).Count | Should -Be 0
    }

    It 'has nothing more to prove' {
        Get-ErrorId { Publish-KmChallenge www.root.test } | Should -Be 'KmOrderStateInvalid'
        Get-ErrorId { Submit-KmChallenge www.root.test } | Should -Be 'KmOrderStateInvalid'
    }

    It 'collects the certificate' {
        (Invoke-KmChallenge www.root.test).Status | Should -Be 'Saved'
        $certificate = Get-KmCertificate www.root.test
        "$($certificate.DomainNames | Sort-Object)" | Should -Be 'root.test www.root.test'
        $certificate.KeyDescription | Should -BeLike 'RSA*2048'
        $certificate.Issuer | Should -BeLike '*Pebble*'
    }

    It 'goes in one line too' {
        (New-KmCertificateOrder one.test -WebRootPath ./www | Invoke-KmChallenge).Status | Should -Be 'Saved'
        @(Get-ChildItem ./www -Recurse -File).Count | Should -Be 0
    }

    It 'takes a table of orders' {
        Set-Content ./orders.csv -Encoding UTF8 -Value 'DomainName,WebRootPath', 'a.table.test;b.table.test,./www', 'c.table.test,./www'
        (Import-Csv ./orders.csv | New-KmCertificateOrder | Invoke-KmChallenge).Status | Should -Be @('Saved', 'Saved')
    }
}

Describe 'A whole life with a port of our own' -Skip:$none {
    BeforeAll {
        Start-AcmeTest
    }

    It 'begins with an order whose proof we answer' {
        $order = New-KmCertificateOrder www.life.test @listen -KeyOnRenewal Same | Invoke-KmChallenge -NoSave
        $order.Status | Should -Be 'Available'
        @(Get-KmCertificate).Count | Should -Be 0
    }

    It 'saves when it is told to' {
        (Save-KmCertificate www.life.test).Version | Should -Be 1
        (Get-KmCertificateOrder www.life.test).Status | Should -Be 'Saved'
    }

    It 'is not due, and says when it will be' {
        $said = Update-KmCertificate www.life.test 3>&1
        "$said" | Should -BeLike 'www.life.test is not due:*-Force*'
        (Get-KmCertificate www.life.test).Version | Should -Be 1
    }

    It 'follows the time that the authority proposes, where it proposes one' {
        if ((Get-KmAuthority @server).Abilities -notcontains 'RenewalInfo') {
            Set-ItResult -Skipped -Because 'this Pebble has no renewal information (2.6 has)'
            return
        }

        "$(Update-KmCertificate www.life.test 3>&1)" | Should -BeLike '*wants it renewed between*'
    }

    It 'is renewed with -Force, with the same key' {
        $old = Get-KmCertificate www.life.test
        $order = Update-KmCertificate www.life.test -Force
        $order.Status | Should -Be 'Saved'
        $new = Get-KmCertificate www.life.test
        $new.Version | Should -Be 2
        $new.PrivateKeyId | Should -Be $old.PrivateKeyId
        $new.SerialNumber | Should -Not -Be $old.SerialNumber
    }

    It 'stays with the old version until the new one is saved' {
        $order = Update-KmCertificate www.life.test -Force -NoSave -WarningAction SilentlyContinue
        $order.Status | Should -Be 'Renewed'
        (Get-KmCertificate www.life.test).Version | Should -Be 2
        ($order | Save-KmCertificate).Version | Should -Be 3
    }

    It 'has a history' {
        (Get-KmCertificateHistory www.life.test).Version | Should -Be @(3, 2, 1)
    }

    It 'exports' {
        (Export-KmCertificate www.life.test ./tls/ -Format Pem).Content | Should -Contain 'FullChain'
    }

    It 'takes the chain that is wanted, where there are several' {
        # The second of its roots, which the management side hands out.
        $answer = Invoke-WebRequest "$($pebble.ManagementUrl)/roots/1" -SkipCertificateCheck
        $root = [System.Security.Cryptography.X509Certificates.X509Certificate2]::new($answer.RawContentStream.ToArray())
        $wanted = $root.GetNameInfo('SimpleName', $false)
        $null = New-KmCertificateOrder chain.test @listen -PreferredChain $wanted | Invoke-KmChallenge -WarningVariable said
        $said | Should -BeNullOrEmpty
        $null = Export-KmCertificate chain.test ./chain/ -Format Pem
        $chain = @((Get-Content ./chain/chain.test.chain.crt -Raw) -split '(?<=-----END CERTIFICATE-----)' | ForEach-Object Trim | Where-Object { $_ })
        [System.Security.Cryptography.X509Certificates.X509Certificate2]::new([System.Text.Encoding]::ASCII.GetBytes($chain[-1])).Issuer | Should -Be $root.Subject
        New-KmCertificateOrder nochain.test @listen -PreferredChain 'No Such Root' | Invoke-KmChallenge 3>&1 | Out-String | Should -BeLike "*offers no chain that ends at 'No Such Root'*"
    }

    It 'takes a profile, where the authority has any' {
        if ((Get-KmAuthority @server).Profiles.Count -eq 0) {
            Set-ItResult -Skipped -Because 'this Pebble has no profiles (2.7 has)'
            return
        }

        $null = New-KmCertificateOrder short.test @listen -Profile shortlived | Invoke-KmChallenge
        (Get-KmCertificate short.test).DaysLeft | Should -Be 5
        Get-ErrorId { New-KmCertificateOrder never.test -Profile nosuch } | Should -Be 'KmProfileNotFound'
    }

    It 'proves an IP address' {
        (New-KmCertificateOrder 127.0.0.1 @listen | Invoke-KmChallenge).Status | Should -Be 'Saved'
    }

    It 'uses a request whose key is elsewhere' {
        New-ForeignCsr appliance.csr appliance.test
        (New-KmCertificateOrder -CsrPath ./appliance.csr @listen | Invoke-KmChallenge).Status | Should -Be 'Saved'
        (Get-KmCertificate appliance.test).HasPrivateKey | Should -BeFalse
    }

    It 'is revoked with a reason' {
        $certificate = Get-KmCertificate www.life.test
        ($certificate | Revoke-KmCertificate -Reason KeyCompromise -Force).Status | Should -Be 'Revoked'
        $status = Invoke-RestMethod "$($pebble.ManagementUrl)/cert-status-by-serial/$($certificate.SerialNumber)" -SkipCertificateCheck
        $status.Status | Should -Be 'Revoked'
        $status.Reason | Should -Be 1
        Get-ErrorId { Revoke-KmCertificate www.life.test -Force } | Should -Be 'KmCertificateAlreadyRevoked'
    }

    It 'is due when it was revoked, and gets a new key when that was compromised' {
        $old = Get-KmCertificate www.life.test
        (Update-KmCertificate www.life.test -WarningAction SilentlyContinue).Status | Should -Be 'Saved'
        (Get-KmCertificate www.life.test).PrivateKeyId | Should -Not -Be $old.PrivateKeyId
    }

    It 'ends with removal here' {
        Remove-KmCertificate www.life.test -Force -WarningAction SilentlyContinue
        Get-ErrorId { Get-KmCertificate www.life.test } | Should -Be 'KmCertificateNotFound'
        Test-KmAuditTrail | Should -BeTrue
    }
}

Describe 'Proof by tls-alpn-01' -Skip:$none {
    It 'answers on the port itself' {
        Start-AcmeTest
        $order = New-KmCertificateOrder alpn.test, www.alpn.test -ChallengeType TlsAlpn01 -ListenAddress "127.0.0.1:$($pebble.TlsPort)"
        ($order | Invoke-KmChallenge).Status | Should -Be 'Saved'
        { $probe = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, $pebble.TlsPort); $probe.Start(); $probe.Stop() } |
            Should -Not -Throw -Because 'the port is free again'
    }
}

Describe 'Proof by a script of TXT records' -Skip:$none {
    BeforeAll {
        Start-AcmeTest
        New-DnsScript (Join-Path $PWD 'dns.ps1') $pebble
        $order = New-KmCertificateOrder zone.test, *.zone.test -ChallengeType Dns01 -ChallengeScript ./dns.ps1
    }

    It 'publishes two values at one name' {
        # Only Pebble asks the DNS server of this test, so from here nothing is seen.
        Get-ErrorId { Publish-KmChallenge zone.test -Timeout 0:0:0 } | Should -Be 'KmChallengeNotVisible'
        $calls = @(Get-Content ./dns.ps1.log)
        $calls.Count | Should -Be 2
        foreach ($call in $calls) { $call | Should -BeLike "Add Dns01 zone.test _acme-challenge.zone.test * $($order.Id)" }
        @((Get-KmChallenge zone.test | Where-Object PublishedBy).PublishedBy) | Should -Be @('Script', 'Script')
    }

    It 'looks at the DNS server that it is told' {
        $tests = @(Test-KmChallenge zone.test -Resolver $pebble.Resolver)
        $tests.Count | Should -Be 2
        $tests.IsVisible | Should -Be @($true, $true) -Because "$($tests.Problem)"
        $tests[0].Location | Should -Be '_acme-challenge.zone.test'
    }

    It 'proves the name and the wildcard, and takes the records away' {
        (Invoke-KmChallenge zone.test -AlreadyPublished).Status | Should -Be 'Saved'
        "$((Get-KmCertificate zone.test).DomainNames)" | Should -Be 'zone.test *.zone.test'
        @(Get-Content ./dns.ps1.log | Where-Object { $_ -like 'Remove Dns01 zone.test _acme-challenge.zone.test *' }).Count | Should -Be 2
        @(Get-KmChallenge zone.test | Where-Object PublishedBy).Count | Should -Be 0
    }

    It 'says what went wrong in a script, and keeps the order' {
        Set-Content ./broken.ps1 'param($Action, $Type, $DomainName, $Location, $Value, $Token, $OrderId) if ($Action -eq "Add") { throw "no such zone" }'
        $null = New-KmCertificateOrder broken.test -ChallengeType Dns01 -ChallengeScript ./broken.ps1
        $problem = Get-Problem { Invoke-KmChallenge broken.test }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmScriptFailed,*'
        $problem.Exception.Message | Should -BeLike '*broken.ps1*no such zone*'
        (Get-KmCertificateOrder broken.test).Status | Should -Be 'PendingValidation'
        Remove-Item ./broken.ps1
        Get-ErrorId { Invoke-KmChallenge broken.test } | Should -Contain 'KmScriptFailed'
    }

    It 'is refused for a wildcard in another way' {
        Get-ErrorId { New-KmCertificateOrder *.wild.test @listen } | Should -Be 'KmAuthorityCannot'
    }
}

Describe 'Proof by hand' -Skip:$none {
    BeforeAll {
        Start-AcmeTest
        $null = New-KmCertificateOrder hand.test -ChallengeType Dns01
    }

    It 'is shown, waited for, and told to be taken away' {
        $said = @(Invoke-KmChallenge hand.test -Manual -Timeout 0:0:0 -ErrorVariable problems -ErrorAction SilentlyContinue 3>&1 | ForEach-Object { "$_" })
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'KmChallengeNotVisible,*'
        $challenge = Get-KmChallenge hand.test | Where-Object Type -eq Dns01
        $said[0] | Should -BeLike "*$($challenge.Location)*$($challenge.Value)*"
        $said[-1] | Should -BeLike '*can be taken away*'
        (Get-KmCertificateOrder hand.test).Status | Should -Be 'PendingValidation'
    }

    It 'goes on when it is published' {
        $challenge = Get-KmChallenge hand.test | Where-Object Type -eq Dns01
        $null = Invoke-RestMethod "$($pebble.NamesUrl)/set-txt" -Method Post -Body (ConvertTo-Json @{ host = "$($challenge.Location)."; value = $challenge.Value })
        (Test-KmChallenge hand.test -Resolver $pebble.Resolver).IsVisible | Should -BeTrue
        (Invoke-KmChallenge hand.test -AlreadyPublished).Status | Should -Be 'Saved'
    }
}

Describe 'A proof that fails' -Skip:$none {
    BeforeAll {
        Start-AcmeTest
        $null = New-Item -ItemType Directory ./www
        $null = New-KmCertificateOrder fails.test -ChallengeType Http01 -WebRootPath ./www
    }

    It 'makes the order Failed, in the words of the authority' {
        $problem = Get-Problem { Invoke-KmChallenge fails.test }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmChallengeFailed,*'
        $problem.ErrorDetails.RecommendedAction | Should -BeLike '*New-KmChallenge*'
        $order = Get-KmCertificateOrder fails.test
        $order.Status | Should -Be 'Failed'
        $order.ErrorDetail | Should -BeLike '*refused*'
        (Get-KmChallenge fails.test | Where-Object Type -eq Http01).Status | Should -Be 'Invalid'
        @(Get-ChildItem ./www -Recurse -File).Count | Should -Be 0 -Because 'the proof is taken away also then'
    }

    It 'is not tried again by itself' {
        Get-ErrorId { Invoke-KmChallenge fails.test } | Should -Be 'KmOrderStateInvalid'
        Get-ErrorId { Submit-KmChallenge fails.test } | Should -Be 'KmOrderStateInvalid'
    }

    It 'gets new challenges under the same order' {
        $before = Get-KmCertificateOrder fails.test
        $token = (Get-KmChallenge fails.test | Where-Object Type -eq Http01).Token
        $after = New-KmChallenge fails.test
        $after.Id | Should -Be $before.Id
        $after.Status | Should -Be 'PendingValidation'
        $after.AuthorityOrderId | Should -Not -Be $before.AuthorityOrderId
        $after.ErrorDetail | Should -BeNullOrEmpty
        (Get-KmChallenge fails.test | Where-Object Type -eq Http01).Token | Should -Not -Be $token
    }

    It 'succeeds when somebody answers' {
        $web = Start-WebServer ./www $pebble.HttpPort
        try {
            (Invoke-KmChallenge fails.test).Status | Should -Be 'Saved'
        } finally {
            Stop-WebServer $web
        }

        Get-ErrorId { New-KmChallenge fails.test } | Should -Be 'KmOrderStateInvalid'
    }

    It 'is a proof that nothing could publish: the order stays as it is' {
        $null = New-KmCertificateOrder nobody.test
        $problem = Get-Problem { Invoke-KmChallenge nobody.test }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmChallengeNotPublished,*'
        $problem.ErrorDetails.RecommendedAction | Should -BeLike '*-WebRootPath*-ListenAddress*-ChallengeScript*'
        (Get-KmCertificateOrder nobody.test).Status | Should -Be 'PendingValidation'
    }

    It 'is a port that somebody else has' {
        $taken = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, $pebble.HttpPort)
        $taken.Start()
        try {
            $null = New-KmCertificateOrder taken.test @listen
            $problem = Get-Problem { Invoke-KmChallenge taken.test }
            $problem.FullyQualifiedErrorId | Should -BeLike 'KmChallengeNotPublished,*'
            $problem.Exception.Message | Should -BeLike "*$($pebble.HttpPort)*"
        } finally {
            $taken.Stop()
        }
    }
}

Describe 'What an authority refuses' -Skip:$none {
    BeforeAll {
        Start-AcmeTest
    }

    It 'is a name, and the error says which' {
        $problem = Get-Problem { New-KmCertificateOrder fine.test, www.blocked.test }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmNameNotAllowed,*'
        $problem.Exception.Message | Should -BeLike '*blocked*'
    }

    It 'is a connection that is not trusted' {
        $problem = Get-Problem { New-KmAccount untrusted -DirectoryUrl $pebble.Url -AcceptTermsOfService }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmAuthorityNotTrusted,*'
        $problem.ErrorDetails.RecommendedAction | Should -BeLike '*-TrustedRootPath*'
        Get-ErrorId { Get-KmAuthority -DirectoryUrl $pebble.Url } | Should -Be 'KmAuthorityNotTrusted'
        Get-ErrorId { Set-KmAccount pebble -TrustedRootPath ./nope.crt } | Should -Be 'KmFileNotFound'
        $null = Set-KmAccount pebble -TrustedRootPath ''
        Get-ErrorId { Test-KmAccount pebble } | Should -Be 'KmAuthorityNotTrusted'
        $null = Set-KmAccount pebble -TrustedRootPath $pebble.Root
        Test-KmAccount pebble | Should -BeTrue
    }

    It 'is a server that is not there' {
        $problem = Get-Problem { New-KmAccount dead -DirectoryUrl "https://127.0.0.1:$(Get-FreePort)/dir" -AcceptTermsOfService }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmAuthorityUnreachable,*'
        $problem.CategoryInfo.Category | Should -Be 'ConnectionError'
        Get-ErrorId { Set-KmAccount pebble -Proxy 'nonsense' } | Should -Be 'KmInvalidSetting'
        (Get-KmAccount).Name | Should -Be 'pebble' -Because 'nothing was sent'
    }

    It 'is something that is no ACME server' {
        Get-ErrorId { Get-KmAuthority -DirectoryUrl "$($pebble.NamesUrl)/dns-request-history" } | Should -Be 'KmAuthorityAnswerUnreadable'
        Get-ErrorId { Get-KmAuthority -DirectoryUrl 'http://acme.contoso.com/directory' } | Should -Be 'KmInvalidSetting'
    }

    It 'is everything, when it has retired; the error says since when' {
        $problem = Get-Problem { New-KmAccount buypass Buypass -Contact admin@contoso.com -AcceptTermsOfService }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmAuthorityRetired,*'
        $problem.Exception.Message | Should -BeLike '*2025-10-31*'
        $problem.ErrorDetails.RecommendedAction | Should -BeLike '*LetsEncrypt*'
        (Get-KmAuthority Buypass).RetiredSince | Should -Not -BeNullOrEmpty
    }
}

Describe 'A server that works as Buypass did' -Skip:$none {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $account = New-KmAccount buypass Buypass @server -Contact admin@contoso.com -AcceptTermsOfService
    }

    It 'has an account' {
        $account.Authority | Should -Be 'Buypass'
        Test-KmAccount buypass | Should -BeTrue
    }

    It 'is told apart as one account for each environment, where that is wanted' {
        $null = Set-KmSetting MaxAccountsPerAuthority 1
        Get-ErrorId { New-KmAccount second Buypass @server -AcceptTermsOfService } | Should -Be 'KmAccountAlreadyExists'
        (New-KmAccount staging Buypass @server -Environment Staging -AcceptTermsOfService).Environment | Should -Be 'Staging'
        $null = Set-KmSetting MaxAccountsPerAuthority -Reset
    }

    It 'takes five names and no more, and no wildcard' {
        $five = 1..5 | ForEach-Object { "five$_.test" }
        (New-KmCertificateOrder $five @listen | Invoke-KmChallenge).Status | Should -Be 'Saved'
        $problem = Get-Problem { New-KmCertificateOrder ($five + 'six.test') @listen }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmAuthorityCannot,*'
        $problem.Exception.Message | Should -BeLike '*5 names*'
        Get-ErrorId { New-KmCertificateOrder *.five.test -ChallengeType Dns01 } | Should -Be 'KmAuthorityCannot'
    }

    It 'is renewed' {
        (Update-KmCertificate five1.test -Force).Status | Should -Be 'Saved'
        (Get-KmCertificate five1.test).Version | Should -Be 2
    }
}

Describe 'Changing nothing' -Skip:$none {
    BeforeAll {
        Start-AcmeTest
        $null = Export-KmAccountKey pebble ./key.pem -Force
        $null = New-Item -ItemType Directory ./www
        $null = New-KmCertificateOrder open.test -ChallengeType Http01 -WebRootPath ./www
        $null = New-KmCertificateOrder failed.test -ChallengeType Http01 -WebRootPath ./www
        $null = Get-Problem { Invoke-KmChallenge failed.test }
        $null = New-KmCertificateOrder saved.test @listen | Invoke-KmChallenge
    }

    It 'is what -WhatIf does: <what>' -ForEach @(
        @{ what = 'New-KmAccount'; act = { New-KmAccount x @server -AcceptTermsOfService -WhatIf } }
        @{ what = 'Add-KmAccount'; act = { Add-KmAccount x -KeyPath ./key.pem @server -WhatIf } }
        @{ what = 'Set-KmAccount'; act = { Set-KmAccount pebble -ChangeKey -Contact x@contoso.com -WhatIf } }
        @{ what = 'Export-KmAccountKey'; act = { Export-KmAccountKey pebble ./other.pem -WhatIf } }
        @{ what = 'Disable-KmAccount'; act = { Disable-KmAccount pebble -Force -WhatIf } }
        @{ what = 'New-KmCertificateOrder'; act = { New-KmCertificateOrder x.test @listen -WhatIf } }
        @{ what = 'Publish-KmChallenge'; act = { Publish-KmChallenge open.test -WhatIf } }
        @{ what = 'Submit-KmChallenge'; act = { Submit-KmChallenge open.test -WhatIf } }
        @{ what = 'Unpublish-KmChallenge'; act = { Unpublish-KmChallenge open.test -WhatIf } }
        @{ what = 'Invoke-KmChallenge'; act = { Invoke-KmChallenge open.test -WhatIf } }
        @{ what = 'New-KmChallenge'; act = { New-KmChallenge failed.test -WhatIf } }
        @{ what = 'Update-KmCertificate'; act = { Update-KmCertificate saved.test -Force -WhatIf } }
        @{ what = 'Revoke-KmCertificate'; act = { Revoke-KmCertificate saved.test -Force -WhatIf } }
    ) {
        $before = Get-StoreState
        $tokens = (Get-KmChallenge open.test).Token
        & $act 6>$null | Should -BeNullOrEmpty
        Get-StoreState | Should -Be $before
        (Get-KmChallenge open.test).Token | Should -Be $tokens
    }

    It 'is not what cancelling does' {
        (Stop-KmCertificateOrder open.test -Force).Status | Should -Be 'Cancelled'
        Get-ErrorId { Invoke-KmChallenge open.test } | Should -Be 'KmOrderStateInvalid'
    }
}

Describe 'Tab' -Skip:$none {
    BeforeAll {
        Start-AcmeTest
        $null = Get-Completion 'Get-KmAccount '
    }

    It 'offers authorities and accounts' {
        Get-Completion 'New-KmAccount x L' | Should -Be @('LetsEncrypt', 'Local')
        Get-Completion 'Add-KmAccount x -Authority Zero' | Should -Be 'ZeroSsl'
        Get-Completion 'New-KmAccount x LetsEncrypt -Environment S' | Should -Be 'Staging'
        Get-Completion 'New-KmCertificateOrder x -Account ' | Should -Be 'pebble'
        Get-Completion 'New-KmCertificateOrder x -ChallengeType Tls' | Should -Be 'TlsAlpn01'
        Get-Completion 'Export-KmAccountKey ' | Should -Be 'pebble'
        Get-Completion 'Export-KmAccountKey pebble x -Format ' | Should -Be @('Jwk', 'Pem')
    }
}

Describe 'Ctrl-C' -Skip:$none {
    BeforeAll {
        Start-AcmeTest
        $null = New-Item -ItemType Directory ./www
        # A web server that takes connections and never answers: Pebble looks for 15 seconds.
        $deaf = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, $pebble.HttpPort)
        $deaf.Start()
        $null = New-KmCertificateOrder slow.test -ChallengeType Http01 -WebRootPath ./www
    }

    AfterAll {
        $deaf.Stop()
    }

    It 'ends a wait for the authority soon, and takes the proof away' {
        $stop = Stop-Command "Set-Location '$PWD'; Invoke-KmChallenge slow.test -StorePath '$env:KM_STORE'" -When { $deaf.Pending() }
        $stop.RanUntilThen | Should -BeTrue -Because "$($stop.Errors)"
        $stop.State | Should -Be 'Stopped'
        $stop.Milliseconds | Should -BeLessThan 10000
        @(Get-ChildItem ./www -Recurse -File).Count | Should -Be 0
        (Get-KmCertificateOrder slow.test).Status | Should -Be 'PendingValidation'
        { Sync-KmCertificateOrder slow.test -ErrorAction Stop } | Should -Not -Throw -Because 'the lease is free again'
    }
}

Describe 'Secrets' -Skip:$none {
    It 'are in nothing that is written, however much is asked for' {
        $null = Start-KmTest $TestDrive
        New-DnsScript (Join-Path $PWD 'dns.ps1') $pebble
        $eab = 'zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W'
        $all = @{ Verbose = $true; Debug = $true; ErrorAction = 'Continue' }
        $seen = [System.Collections.Generic.List[object]]::new()
        foreach ($step in @(
            { New-KmAccount secret @server -AcceptTermsOfService -EabKeyId kid-1 -EabKey (New-Password $eab) @all }
            { New-KmAccount wrong @server -AcceptTermsOfService -EabKeyId kid-9 -EabKey (New-Password $eab) @all }
            { Export-KmAccountKey secret ./secret.pem -Passphrase (New-Password canary-key-4911) -Force @all }
            { Export-KmAccountKey secret ./secret.json -Format Jwk -Force @all }
            { Add-KmAccount twice -KeyPath ./secret.pem -Passphrase (New-Password canary-key-4911) @server @all }
            { Add-KmAccount thrice -KeyPath ./secret.pem -Passphrase (New-Password canary-wrong-4912) @server @all }
            { New-KmCertificateOrder secret.test @listen @all | Invoke-KmChallenge @all }
            { Update-KmCertificate secret.test -Force @all }
            { Set-KmAccount secret -Contact x@contoso.com -ChangeKey @all }
            { Test-KmAccount secret @all }
            { Get-KmAccount; Get-KmCertificateOrder; Get-KmChallenge secret.test; Get-KmAuditEvent }
        )) {
            try { foreach ($item in & $step *>&1) { $seen.Add($item) } } catch { $seen.Add($_) }
        }

        $key = (Get-Content ./secret.json -Raw | ConvertFrom-Json).d
        $null = Export-KmAccountKey secret ./changed.json -Format Jwk -Force
        $text = "$($seen | Format-List * -Force | Out-String -Width 4000)$($seen | Out-String -Width 4000)$($Error | Format-List * -Force | Out-String -Width 4000)"
        $text | Should -BeLike '*secret.test*'
        foreach ($canary in $eab, 'canary-key-4911', 'canary-wrong-4912', $key, (Get-Content ./changed.json -Raw | ConvertFrom-Json).d) {
            $text.Contains($canary) | Should -BeFalse
        }

        # The key of the binding is used once and kept nowhere, encrypted or not.
        $folder = Split-Path $env:KM_STORE
        foreach ($file in Get-ChildItem $folder -File) {
            [System.Text.Encoding]::ASCII.GetString([System.IO.File]::ReadAllBytes($file.FullName)).Contains($eab) | Should -BeFalse
        }
    }
}
