#requires -Version 5.1
# What servers read: the files as OpenSSL (nginx), .NET (IIS) and keytool (Tomcat) see them.

BeforeDiscovery {
    $passwords = @(
        @{ kind = 'plain'; text = 'plain-password-1' }
        @{ kind = 'not ASCII'; text = -join [char[]] (0x70, 0xE4, 0x73, 0x73, 0x77, 0xF6, 0x72, 0x64, 0x2D, 0xF1, 0x20AC) }
    )
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    $null = Start-KmTest $TestDrive
    $null = New-KmAccount private
    $ecdsa = New-TestCertificate www.contoso.test
    $null = New-KmCertificateOrder rsa.contoso.test -KeyAlgorithm Rsa | Invoke-KmChallenge
    $rsa = Get-KmCertificate rsa.contoso.test

    function Assert-Tool([string] $Name, [string] $Package) {
        if (-not (Get-Command $Name -CommandType Application -ErrorAction SilentlyContinue)) {
            Set-ItResult -Skipped -Because "$Name is not installed (package $Package)"
        }
    }
}

AfterAll {
    Stop-KmTest
}

Describe 'Files for nginx' {
    BeforeAll {
        $files = Export-KmCertificate www.contoso.test ./nginx -Format Pem
    }

    It 'hold the key, the certificate and the chain in the right order' {
        Assert-Tool openssl openssl
        & openssl x509 -in ./nginx/www.contoso.test.fullchain.crt -noout -subject | Should -BeLike '*www.contoso.test*'
        $ofKey = & openssl pkey -in ./nginx/www.contoso.test.key -pubout
        $ofCertificate = & openssl x509 -in ./nginx/www.contoso.test.fullchain.crt -noout -pubkey
        "$ofKey" | Should -Be "$ofCertificate"
        $null = Export-KmAccountCertificate private ./root.crt
        & openssl verify -CAfile ./root.crt -untrusted ./nginx/www.contoso.test.chain.crt ./nginx/www.contoso.test.crt | Should -BeLike '*: OK'
    }

    It 'keep the key to its owner' -Skip:($PSVersionTable.PSEdition -ne 'Core' -or $IsWindows) {
        (Get-Item ./nginx/www.contoso.test.key).UnixMode | Should -Be '-rw-------'
        $files | Where-Object IsPrivate | ForEach-Object Path | Should -Be (Resolve-Path ./nginx/www.contoso.test.key).Path
    }
}

Describe 'A password that is <kind>' -ForEach $passwords {
    BeforeAll {
        $password = New-Password $text
        $folder = "./$($kind -replace ' ')"
    }

    It 'opens a PKCS#12 file with OpenSSL (<protection>)' -ForEach @(@{ protection = 'Modern' }, @{ protection = 'Legacy' }) {
        Assert-Tool openssl openssl
        $file = Export-KmCertificate www.contoso.test "$folder/" -Format Pkcs12 -Password $password -FileName "openssl-$protection" -Pkcs12Protection $protection
        $env:KM_TEST_PASSWORD = $text
        $read = & openssl pkcs12 -in $file.Path -passin env:KM_TEST_PASSWORD -nodes -legacy 2>&1
        if ($LASTEXITCODE -ne 0) { $read = & openssl pkcs12 -in $file.Path -passin env:KM_TEST_PASSWORD -nodes 2>&1 }
        "$read" | Should -BeLike '*BEGIN CERTIFICATE*'
        "$read" | Should -BeLike '*PRIVATE KEY*'
        $null = & openssl pkcs12 -in $file.Path -passin pass:wrong-password -noout 2>&1
        $LASTEXITCODE | Should -Not -Be 0
    }

    It 'opens a PKCS#12 file with .NET, as IIS does' {
        $file = Export-KmCertificate rsa.contoso.test "$folder/" -Format Pkcs12 -Password $password -FileName net
        $read = [System.Security.Cryptography.X509Certificates.X509Certificate2]::new($file.Path, $text)
        $read.HasPrivateKey | Should -BeTrue
        $read.Thumbprint | Should -Be $rsa.Thumbprint
    }

    It 'opens a Java keystore with keytool, as Tomcat does' {
        Assert-Tool keytool default-jre-headless
        $file = Export-KmCertificate www.contoso.test "$folder/" -Format Jks -Password $password -FileName tomcat
        $env:KM_TEST_PASSWORD = $text
        $read = & keytool -list -v -keystore $file.Path -storepass:env KM_TEST_PASSWORD 2>&1
        "$read" | Should -BeLike '*PrivateKeyEntry*'
        "$read" | Should -Match 'chain length: 2'
        ("$read" -replace '[^0-9A-F]') | Should -BeLike "*$($ecdsa.Sha256Thumbprint)*"
    }

    It 'comes back in through Import-KmCertificate (<format>)' -ForEach @(@{ format = 'Pkcs12' }, @{ format = 'Jks' }) {
        $file = Export-KmCertificate www.contoso.test "$folder/" -Format $format -Password $password -FileName "back-$format"
        (Import-KmCertificate $file.Path -Password $password).Thumbprint | Should -Contain $ecdsa.Thumbprint
        (Get-Problem { Import-KmCertificate $file.Path -Password (New-Password wrong-password) }).FullyQualifiedErrorId | Should -BeLike 'KmWrongPassword,*'
    }

    It 'encrypts the key of a PEM export' {
        Assert-Tool openssl openssl
        $null = Export-KmCertificate www.contoso.test "$folder/pem" -Format Pem -Password $password
        $env:KM_TEST_PASSWORD = $text
        $key = "$folder/pem/www.contoso.test.key"
        Get-Content $key -TotalCount 1 | Should -Be '-----BEGIN ENCRYPTED PRIVATE KEY-----'
        "$(& openssl pkey -in $key -passin env:KM_TEST_PASSWORD -noout -text 2>&1)" | Should -BeLike '*256 bit*'
    }

    AfterAll {
        $env:KM_TEST_PASSWORD = $null
    }
}

Describe 'An export' {
    It 'of a keystore needs a password, and says where it can come from' {
        $problem = Get-Problem { Export-KmCertificate www.contoso.test ./none/ -Format Pkcs12 }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmKeystorePasswordRequired,*'
        $problem.ErrorDetails.RecommendedAction | Should -BeLike '*-Password*-KeystorePassword*'
        './none' | Should -Not -Exist
    }

    It 'stays in its folder' {
        foreach ($name in '../escaped', 'sub/escaped', '..\escaped') {
            (Get-Problem { Export-KmCertificate www.contoso.test ./in/ -Format Der -FileName $name }).FullyQualifiedErrorId | Should -BeLike 'KmInvalidParameter,*'
        }

        Get-ChildItem . -Recurse -Filter 'escaped*' | Should -BeNullOrEmpty
    }

    It 'writes every form (<format>)' -ForEach @(
        @{ format = 'Der'; name = 'www.contoso.test.cer' }
        @{ format = 'P7b'; name = 'www.contoso.test.p7b' }
    ) {
        $file = Export-KmCertificate www.contoso.test ./forms/ -Format $format
        Split-Path $file.Path -Leaf | Should -Be $name
        $file.IsPrivate | Should -BeFalse
        (Import-KmCertificate $file.Path).Thumbprint | Should -Contain $ecdsa.Thumbprint
    }
}
