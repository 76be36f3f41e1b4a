#requires -Version 5.1
# What the test files share: the module under test, fresh stores, and looking at a store from outside.

$script:root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path
$script:manifest = Join-Path $script:root 'module/KeyManager.psd1'

function Get-RepositoryRoot { $script:root }

function Get-ManifestPath { $script:manifest }

# Imports the module and makes a store with its key file below $Folder; every cmdlet of the session uses it from here on.
function Start-KmTest([Parameter(Mandatory)] [string] $Folder, [switch] $WithoutStore) {
    Import-Module $script:manifest -Force -Global
    # A folder of its own: TestDrive is shared by the blocks of a file.
    $base = Join-Path $Folder ([guid]::NewGuid().ToString('N').Substring(0, 8))
    [void] (New-Item -ItemType Directory (Join-Path $base 'work'))
    # The real path: macOS has its temporary folder behind a link.
    $base = (Get-Item -LiteralPath $base).FullName
    $env:KM_STORE = Join-Path $base 'data/store.db'
    Set-Location -LiteralPath (Join-Path $base 'work')
    if (-not $WithoutStore) {
        [void] (Initialize-KmStore -KeyFilePath (Join-Path $base 'keys/store.key'))
    }

    $base
}

# Closes what Start-KmTest opened, so that the folder can be removed.
function Stop-KmTest {
    Set-Location -LiteralPath $script:root
    Remove-Module KeyManager -ErrorAction SilentlyContinue
    $env:KM_STORE = $null
}

function New-Password([string] $Text) { ConvertTo-SecureString $Text -AsPlainText -Force }

# All errors of a command, those that end it too.
function Get-Problem([Parameter(Mandatory)] [scriptblock] $Command) {
    try {
        & $Command 3>$null 2>&1 | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }
    } catch {
        $_
    }
}

# Everything that a change could touch, as one text to compare.
function Get-StoreState {
    $store = Get-KmStore -WarningAction SilentlyContinue
    $folder = Split-Path $store.Path
    @(
        "unlocked $($store.IsUnlocked)"
        "audit $((Get-KmAuditEvent | Select-Object -First 1).Number)"
        Get-KmAccount | ForEach-Object { "account $($_.Id) $($_.Name) $($_.Status) $($_.IsDefault)" }
        Get-KmCertificateOrder | ForEach-Object { "order $($_.Id) $($_.Status) $($_.Step)" }
        Get-KmCertificateOrder | Get-KmChallenge | ForEach-Object { "challenge $($_.OrderId) $($_.Id) $($_.Status) $($_.Value) $($_.PublishedBy)" }
        Get-KmCertificate -IncludeHistory | ForEach-Object { "certificate $($_.Id) $($_.Status) $($_.IsCurrent)" }
        Get-KmCsr | ForEach-Object { "request $($_.Id)" }
        Get-KmPrivateKey | ForEach-Object { "key $($_.Id)" }
        Get-KmOrganization | ForEach-Object { "organization $($_.Id) $($_.Name) $($_.UpdatedAt)" }
        Get-KmContact | ForEach-Object { "contact $($_.Id) $($_.Name) $($_.UpdatedAt)" }
        Get-KmKeyProtector | ForEach-Object { "protector $($_.Id)" }
        Get-KmSetting | ForEach-Object { "setting $($_.Name) $($_.Value)" }
        # A store's -wal and -shm come and go with reading.
        Get-ChildItem $folder, $PWD -Recurse -File | Where-Object Name -notmatch '-(wal|shm)$' | ForEach-Object { "file $($_.FullName)" }
    ) -join "`n"
}

# The PowerShell that runs this, for a process of its own.
function Get-ShellPath {
    $shell = [System.Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
    if ((Split-Path $shell -Leaf) -like 'dotnet*') { Join-Path $PSHOME 'pwsh' } else { $shell }
}

# Runs a script in another process of the same PowerShell, with the module and this session's store; answers its lines.
function Invoke-OtherProcess([Parameter(Mandatory)] [string] $Script) {
    & (Get-ShellPath) -NoProfile -NonInteractive -Command "Import-Module '$script:manifest'; $Script" 2>&1
}

# Starts such a process and answers it as soon as it has written a line.
function Start-OtherProcess([Parameter(Mandatory)] [string] $Script) {
    $start = [System.Diagnostics.ProcessStartInfo]::new()
    $start.FileName = Get-ShellPath
    $encoded = [Convert]::ToBase64String([System.Text.Encoding]::Unicode.GetBytes("Import-Module '$script:manifest'; $Script"))
    $start.Arguments = "-NoProfile -NonInteractive -EncodedCommand $encoded"
    $start.WorkingDirectory = (Get-Location).ProviderPath
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    $process = [System.Diagnostics.Process]::Start($start)
    [void] $process.StandardOutput.ReadLine()
    $process
}

# Waits until something is so; fails when it is not within a minute, which is ample on the busiest machine.
function Wait-Until([Parameter(Mandatory)] [scriptblock] $IsSo) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    while (-not (& $IsSo)) {
        if ($watch.Elapsed.TotalSeconds -gt 60) { throw "Waited for a minute in vain: $IsSo" }
        Start-Sleep -Milliseconds 20
    }
}

# A web server that takes connections and never answers: a command that proves control is known to be in the middle of it.
function Start-DeafServer {
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $listener
}

# Waits for the next connection to such a server and leaves it open.
function Wait-DeafServer($Server) {
    Wait-Until { $Server.Pending() }
    $Server.AcceptTcpClient()
}

# Runs a script in a runspace of its own and stops it, as Ctrl-C does, when it is where it should be: by default when it has written something.
function Stop-Command([string] $Script, [scriptblock] $When, [string[]] $Module = @()) {
    $shell = [powershell]::Create()
    try {
        $imports = @(@($script:manifest) + $Module | ForEach-Object { "Import-Module '$_'" })
        [void] $shell.AddScript(($imports + "'ready'") -join ';').Invoke()
        $shell.Commands.Clear()
        [void] $shell.AddScript($Script)
        $written = [System.Management.Automation.PSDataCollection[psobject]]::new()
        $running = $shell.BeginInvoke([System.Management.Automation.PSDataCollection[psobject]]::new(), $written)
        if (-not $When) { $When = { $written.Count -gt 0 } }
        Wait-Until { $running.IsCompleted -or (& $When) }
        $ranUntilThen = -not $running.IsCompleted
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        [pscustomobject]@{
            RanUntilThen = $ranUntilThen
            Milliseconds = $watch.ElapsedMilliseconds
            State = $shell.InvocationStateInfo.State
            Errors = @($shell.Streams.Error)
        }
    } finally {
        $shell.Dispose()
    }
}

# A certificate request as DER in a file, made by .NET and not by us.
function New-ForeignCsr([string] $Path, [string] $DomainName, [int] $KeyLength = 2048) {
    $rsa = [System.Security.Cryptography.RSA]::Create($KeyLength)
    try {
        $request = New-ForeignRequest $rsa $DomainName
        [System.IO.File]::WriteAllBytes((Join-Path $PWD $Path), $request.CreateSigningRequest())
    } finally {
        $rsa.Dispose()
    }
}

# A keystore with a self-signed certificate, made by .NET and not by us.
function New-ForeignKeystore([string] $Path, [string] $DomainName, [string] $Password) {
    $rsa = [System.Security.Cryptography.RSA]::Create(2048)
    try {
        $request = New-ForeignRequest $rsa $DomainName
        $certificate = $request.CreateSelfSigned([DateTimeOffset]::UtcNow.AddDays(-1), [DateTimeOffset]::UtcNow.AddDays(30))
        [System.IO.File]::WriteAllBytes((Join-Path $PWD $Path), $certificate.Export('Pfx', $Password))
    } finally {
        $rsa.Dispose()
    }
}

function New-ForeignRequest($Rsa, [string] $DomainName) {
    $request = [System.Security.Cryptography.X509Certificates.CertificateRequest]::new(
        "CN=$DomainName", $Rsa, [System.Security.Cryptography.HashAlgorithmName]::SHA256, [System.Security.Cryptography.RSASignaturePadding]::Pkcs1)
    $names = [System.Security.Cryptography.X509Certificates.SubjectAlternativeNameBuilder]::new()
    $names.AddDnsName($DomainName)
    $request.CertificateExtensions.Add($names.Build($false))
    $request
}

# Orders, proves and saves with the default account.
function New-TestCertificate([string[]] $DomainName) {
    [void] (New-KmCertificateOrder $DomainName | Invoke-KmChallenge)
    Get-KmCertificate -Name $DomainName[0]
}

# An account whose orders wait for a proof that nobody can give: nothing listens at the address.
function New-UnprovableAccount([string] $Name = 'unprovable') {
    New-KmAccount $Name -Setting @{ Validation = 'Http01'; ValidationAddress = '127.0.0.1:1' }
}

# What a table or a list looks like.
function Get-Text($InputObject, [int] $Width = 120, [switch] $List) {
    if ($List) { $InputObject | Format-List | Out-String -Width $Width } else { $InputObject | Out-String -Width $Width }
}

# What Tab offers at the end of a line.
function Get-Completion([string] $Line) {
    @([System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, @{}).CompletionMatches.CompletionText)
}

# Pebble, the ACME server for tests (Debian: package pebble), works where its two programs are on PATH; nothing of it is kept here.
function Test-Pebble {
    # Its certificate is made with .NET of PowerShell 7.
    $PSVersionTable.PSEdition -eq 'Core' -and
        [bool] (Get-Command pebble -CommandType Application -ErrorAction SilentlyContinue) -and
        [bool] (Get-Command pebble-challtestsrv -CommandType Application -ErrorAction SilentlyContinue)
}

# A port that was free a moment ago, over TCP and UDP.
function Get-FreePort {
    $tcp = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $tcp.Start()
    try { $tcp.LocalEndpoint.Port } finally { $tcp.Stop() }
}

# Starts an ACME server and a DNS server on loopback ports of their own, in $Folder; answers where everything is. Works with Pebble 2.4 and with newer ones, which
# can more: what the server can do says its directory.
function Start-Pebble([Parameter(Mandatory)] [string] $Folder, [switch] $RequireExternalAccount, [string] $DnsServer) {
    $folder = (New-Item -ItemType Directory (Join-Path $Folder "pebble-$([guid]::NewGuid().ToString('N').Substring(0, 8))")).FullName
    New-ServerCertificate $folder
    $port = @{}
    foreach ($use in 'acme', 'management', 'http', 'tls', 'dns', 'names') {
        do { $port[$use] = Get-FreePort } while (@($port.Values | Where-Object { $_ -eq $port[$use] }).Count -gt 1)
    }

    # What a server does not know of this it passes over.
    $configuration = @{ pebble = [ordered] @{
        listenAddress = "127.0.0.1:$($port.acme)"
        managementListenAddress = "127.0.0.1:$($port.management)"
        certificate = Join-Path $folder 'server.crt'
        privateKey = Join-Path $folder 'server.key'
        httpPort = $port.http
        tlsPort = $port.tls
        externalAccountBindingRequired = [bool] $RequireExternalAccount
        externalAccountMACKeys = @{ 'kid-1' = 'zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W' }
        domainBlocklist = @('blocked.test')
        certificateValidityPeriod = 7776000
        retryAfter = @{ authz = 1; order = 1 }
        profiles = @{
            default = @{ description = 'as usual'; validityPeriod = 7776000 }
            shortlived = @{ description = 'six days'; validityPeriod = 518400 }
        }
    } }
    ConvertTo-Json $configuration -Depth 5 | Set-Content (Join-Path $folder 'pebble.json')

    # 2.4 names the option for its DNS server otherwise, and has no DNS over HTTPS to switch off.
    $options = "$(& pebble-challtestsrv -h 2>&1)"
    $names = @(if ($options -match '-dnsserver\b') { '-dnsserver' } else { '-dns01' }) + "127.0.0.1:$($port.dns)"
    if ($options -match '-doh\b') { $names += '-doh', '""' }
    $names += '-management', "127.0.0.1:$($port.names)", '-http01', '""', '-https01', '""', '-tlsalpn01', '""', '-defaultIPv4', '127.0.0.1', '-defaultIPv6', '""'

    # It waits some seconds before it looks unless told not to. That it refuses a good nonce now and then is left as it is.
    $processes = @(
        Start-Server $folder 'pebble-challtestsrv' $names @{}
        Start-Server $folder 'pebble' @('-config', (Join-Path $folder 'pebble.json'), '-dnsserver', $(if ($DnsServer) { $DnsServer } else { "127.0.0.1:$($port.dns)" })) @{
            PEBBLE_VA_NOSLEEP = '1'; PEBBLE_AUTHZREUSE = '0'; PEBBLE_ALTERNATE_ROOTS = '1' }
    )
    $pebble = [pscustomobject]@{
        Folder = $folder
        Url = "https://127.0.0.1:$($port.acme)/dir"
        Root = Join-Path $folder 'server-root.crt'
        HttpPort = $port.http
        TlsPort = $port.tls
        Resolver = "127.0.0.1:$($port.dns)"
        ManagementUrl = "https://127.0.0.1:$($port.management)"
        NamesUrl = "http://127.0.0.1:$($port.names)"
        Processes = $processes
    }
    foreach ($number in $port.acme, $port.management, $port.names) {
        Wait-Until {
            if ($ended = $processes | Where-Object HasExited) { throw "$($ended.ProcessName) ended: $(Get-Content (Join-Path $folder '*.log') -Raw)" }
            $client = [System.Net.Sockets.TcpClient]::new()
            try { $client.Connect('127.0.0.1', $number); $true } catch { $false } finally { $client.Dispose() }
        }
    }

    $pebble
}

function Stop-Pebble($Pebble) {
    foreach ($process in $Pebble.Processes) {
        if (-not $process.HasExited) { $process.Kill(); $process.WaitForExit() }
        $process.Dispose()
    }
}

# Runs another ACME program, five times at most: after a second refused nonce it gives up, and Pebble refuses some.
function Invoke-ForeignClient([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [string[]] $Arguments) {
    foreach ($attempt in 1..5) {
        $said = & $Name @Arguments 2>&1
        if ($LASTEXITCODE -eq 0) { return }
    }

    throw "$Name ended with $($LASTEXITCODE): $($said -join "`n")"
}

function Start-Server([string] $Folder, [string] $Name, [string[]] $Arguments, [hashtable] $Environment) {
    $before = @{}
    foreach ($variable in $Environment.Keys) {
        $before[$variable] = [Environment]::GetEnvironmentVariable($variable)
        [Environment]::SetEnvironmentVariable($variable, $Environment[$variable])
    }

    try {
        Start-Process (Get-Command $Name -CommandType Application | Select-Object -First 1).Source -ArgumentList $Arguments -PassThru `
            -RedirectStandardOutput (Join-Path $Folder "$Name.log") -RedirectStandardError (Join-Path $Folder "$Name.error.log")
    } finally {
        foreach ($variable in $before.Keys) { [Environment]::SetEnvironmentVariable($variable, $before[$variable]) }
    }
}

# BIND (Debian: package bind9) with one zone and one key, where it is installed.
function Get-NameServer {
    if (-not $IsLinux) { return }
    'named', '/usr/sbin/named' | ForEach-Object { (Get-Command $_ -CommandType Application -ErrorAction SilentlyContinue).Source } | Select-Object -First 1
}

function Start-NameServer([Parameter(Mandatory)] [string] $Folder) {
    $folder = (New-Item -ItemType Directory (Join-Path $Folder "named-$([guid]::NewGuid().ToString('N').Substring(0, 8))")).FullName
    $secret = [Convert]::ToBase64String([guid]::NewGuid().ToByteArray() + [guid]::NewGuid().ToByteArray())
    $key = 'key "acme-key" {{ algorithm hmac-sha256; secret "{0}"; }};' -f $secret
    Set-Content (Join-Path $folder 'acme.key') $key
    Set-Content (Join-Path $folder 'example.zone') '$TTL 60', '@ SOA ns1 hostmaster 1 3600 600 86400 60', '@ NS ns1', 'ns1 A 127.0.0.1', '_acme-challenge.alias CNAME proof.example.test.'
    for ($attempt = 0; $attempt -lt 4; $attempt++) {
        $port = Get-FreePort
        Set-Content (Join-Path $folder 'named.conf') @"
$key
options { directory "$folder"; pid-file none; session-keyfile none; lock-file none; recursion no; dnssec-validation no; notify no;
  listen-on port $port { 127.0.0.1; }; listen-on-v6 { none; }; };
controls { };
zone "example.test" { type primary; file "example.zone"; update-policy { grant acme-key subdomain example.test. TXT; }; };
"@
        $log = Join-Path $folder 'named.log'
        $process = Start-Process (Get-NameServer) -ArgumentList '-g', '-4', '-n', '1', '-c', (Join-Path $folder 'named.conf') -PassThru -RedirectStandardError $log -RedirectStandardOutput (Join-Path $folder 'out.log')
        Wait-Until { $process.HasExited -or "$(Get-Content $log -Raw -ErrorAction SilentlyContinue)" -match ' running|in use|unable to listen' }
        if (-not $process.HasExited -and "$(Get-Content $log -Raw)" -notmatch 'in use|unable to listen') {
            return [pscustomobject]@{ Process = $process; Address = "127.0.0.1:$port"; KeyPath = Join-Path $folder 'acme.key'; Secret = $secret }
        }

        if (-not $process.HasExited) { $process.Kill(); $process.WaitForExit() }
    }

    throw "named does not start: $(Get-Content $log -Raw)"
}

function Stop-NameServer($NameServer) {
    if (-not $NameServer.Process.HasExited) { $NameServer.Process.Kill(); $NameServer.Process.WaitForExit() }
    $NameServer.Process.Dispose()
}

# A root of one day, and a certificate of it for servers on this machine.
function New-ServerCertificate([string] $Folder) {
    $rootKey = [System.Security.Cryptography.RSA]::Create(2048)
    $key = [System.Security.Cryptography.RSA]::Create(2048)
    try {
        $from = [DateTimeOffset]::UtcNow.AddHours(-1)
        $request = New-ForeignRequest $rootKey 'test-root.test'
        $request.CertificateExtensions.Add([System.Security.Cryptography.X509Certificates.X509BasicConstraintsExtension]::new($true, $false, 0, $true))
        $root = $request.CreateSelfSigned($from, $from.AddDays(1))
        $request = [System.Security.Cryptography.X509Certificates.CertificateRequest]::new(
            'CN=localhost', $key, [System.Security.Cryptography.HashAlgorithmName]::SHA256, [System.Security.Cryptography.RSASignaturePadding]::Pkcs1)
        $names = [System.Security.Cryptography.X509Certificates.SubjectAlternativeNameBuilder]::new()
        $names.AddDnsName('localhost')
        $names.AddIpAddress([System.Net.IPAddress]::Loopback)
        $request.CertificateExtensions.Add($names.Build($false))
        $leaf = $request.Create($root, $from, $from.AddDays(1), [guid]::NewGuid().ToByteArray())
        Set-Content (Join-Path $Folder 'server-root.crt') (ConvertTo-Pem 'CERTIFICATE' $root.RawData)
        Set-Content (Join-Path $Folder 'server.crt') (ConvertTo-Pem 'CERTIFICATE' $leaf.RawData)
        Set-Content (Join-Path $Folder 'server.key') (ConvertTo-Pem 'PRIVATE KEY' $key.ExportPkcs8PrivateKey())
    } finally {
        $rootKey.Dispose()
        $key.Dispose()
    }
}

function ConvertTo-Pem([string] $Label, [byte[]] $Data) {
    "-----BEGIN $Label-----"
    [Convert]::ToBase64String($Data, 'InsertLineBreaks') -split '\r?\n'
    "-----END $Label-----"
}

# Serves the files below a folder, as the web server of every name would, until it is stopped.
function Start-WebServer([Parameter(Mandatory)] [string] $Folder, [Parameter(Mandatory)] [int] $Port) {
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, $Port)
    $listener.Start()
    $shell = [powershell]::Create()
    [void] $shell.AddScript({
        param($listener, $folder)
        while ($true) {
            try { $client = $listener.AcceptTcpClient() } catch { return }
            try {
                $stream = $client.GetStream()
                $stream.ReadTimeout = 5000
                $reader = [System.IO.StreamReader]::new($stream)
                $path = ("$($reader.ReadLine())" -split ' ')[1]
                while ($reader.ReadLine()) { }
                $file = Join-Path $folder $path.TrimStart('/')
                $body = if (Test-Path -LiteralPath $file -PathType Leaf) { [System.IO.File]::ReadAllBytes($file) }
                $status = if ($null -ne $body) { '200 OK' } else { $body = [byte[]] @(); '404 Not Found' }
                $head = [System.Text.Encoding]::ASCII.GetBytes("HTTP/1.1 $status`r`nContent-Length: $($body.Length)`r`nConnection: close`r`n`r`n")
                $stream.Write($head, 0, $head.Length)
                $stream.Write($body, 0, $body.Length)
            } catch {
                # Whoever asked went away.
            } finally {
                $client.Dispose()
            }
        }
    }).AddArgument($listener).AddArgument((Get-Item -LiteralPath $Folder).FullName)
    [pscustomobject]@{ Listener = $listener; Shell = $shell; Running = $shell.BeginInvoke() }
}

function Stop-WebServer($Server) {
    $Server.Listener.Stop()
    $Server.Shell.Dispose()
}

# Whether PowerShell remoting over SSH can be had here: an SSH server, and a PowerShell for its end.
function Test-SshRemoting {
    $PSVersionTable.PSEdition -eq 'Core' -and $IsLinux -and (Test-Path /usr/sbin/sshd) -and [bool] (Get-Command ssh, ssh-keygen -CommandType Application -ErrorAction SilentlyContinue)
}

# An SSH server on a loopback port whose one subsystem is this PowerShell.
function Start-SshRemoting([Parameter(Mandatory)] [string] $Folder) {
    $folder = (New-Item -ItemType Directory (Join-Path $Folder "sshd-$([guid]::NewGuid().ToString('N').Substring(0, 8))")).FullName
    foreach ($key in 'host', 'user') { ssh-keygen -q -t ed25519 -N '' -f (Join-Path $folder $key) }
    if ([Environment]::UserName -eq 'root') { $null = New-Item -ItemType Directory -Force /run/sshd }
    $port = Get-FreePort
    $known = Join-Path $folder 'known'
    Set-Content $known "[127.0.0.1]:$port $(Get-Content (Join-Path $folder 'host.pub'))"
    Set-Content (Join-Path $folder 'config') @"
Port $port
ListenAddress 127.0.0.1
HostKey $folder/host
AuthorizedKeysFile $folder/user.pub
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
Subsystem powershell $(Get-ShellPath) -sshs -NoLogo -NoProfile
"@
    $process = Start-Process /usr/sbin/sshd '-D', '-e', '-f', "$folder/config" -PassThru -RedirectStandardError "$folder/log" -RedirectStandardOutput "$folder/out"
    Wait-Until { try { [System.Net.Sockets.TcpClient]::new('127.0.0.1', $port).Dispose(); $true } catch { $false } }
    [pscustomobject]@{ Process = $process; Port = $port; KeyPath = Join-Path $folder 'user'; KnownHosts = $known }
}

function New-SshSession($Server) {
    $options = @{ UserKnownHostsFile = $Server.KnownHosts; StrictHostKeyChecking = 'yes'; IdentitiesOnly = 'yes' }
    New-PSSession -HostName 127.0.0.1 -Port $Server.Port -UserName ([Environment]::UserName) -KeyFilePath $Server.KeyPath -Options $options -ErrorAction Stop
}

function Stop-SshRemoting($Server) {
    Stop-Process -Id $Server.Process.Id
    $Server.Process.WaitForExit()
}

# A script for -ChallengeScript that keeps TXT records in the DNS server of a Pebble, and writes down what it was called with.
function New-DnsScript([string] $Path, $Pebble) {
    Set-Content $Path -Encoding UTF8 -Value @"
param([string] `$Action, [string] `$Type, [string] `$DomainName, [string] `$Location, [string] `$Value, [string] `$Token, [string] `$OrderId)
Add-Content -LiteralPath '$Path.log' -Value "`$Action `$Type `$DomainName `$Location `$Value `$OrderId"
`$record = @{ host = "`$Location." }
if (`$Action -eq 'Add') { `$record.value = `$Value }
`$verb = if (`$Action -eq 'Add') { 'set-txt' } else { 'clear-txt' }
`$null = Invoke-RestMethod "$($Pebble.NamesUrl)/`$verb" -Method Post -Body (ConvertTo-Json `$record)
"@
}

# The program that stands in for The SSL Store; nothing when it was not built or there is no dotnet to run it.
function Get-SslStoreProgram {
    if ($PSVersionTable.PSEdition -ne 'Core' -or -not (Get-Command dotnet -CommandType Application -ErrorAction SilentlyContinue)) { return }
    Get-ChildItem (Join-Path $script:root 'tests/SslStoreServer/bin') -Recurse -Filter SslStoreServer.dll -ErrorAction SilentlyContinue |
        Where-Object { $_.Directory.Name -eq 'net10.0' } | Sort-Object LastWriteTime | Select-Object -Last 1 -ExpandProperty FullName
}

# Starts it, with a web server behind it to which all names lead; answers where everything is. The kind emsign is the stand-in for emSign.
function Start-SslStore([Parameter(Mandatory)] [string] $Folder, [string] $Kind) {
    $folder = (New-Item -ItemType Directory (Join-Path $Folder "sslstore-$([guid]::NewGuid().ToString('N').Substring(0, 8))")).FullName
    $webRoot = (New-Item -ItemType Directory (Join-Path $folder 'www')).FullName
    $port = Get-FreePort
    $web = Start-WebServer $webRoot $port
    $start = [System.Diagnostics.ProcessStartInfo]::new('dotnet')
    $start.ArgumentList.Add('exec')
    $start.ArgumentList.Add((Get-SslStoreProgram))
    $start.ArgumentList.Add($folder)
    if ($Kind) { $start.ArgumentList.Add($Kind) }
    $start.UseShellExecute = $false
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
    $start.Environment['KM_TEST_WEB_PORT'] = "$port"
    $process = [System.Diagnostics.Process]::Start($start)
    [pscustomobject]@{
        Url = $process.StandardOutput.ReadLine()
        Resolver = $process.StandardOutput.ReadLine()
        Records = Join-Path $folder 'dns'
        WebRoot = $webRoot
        Web = $web
        Process = $process
    }
}

# Tells it something, and answers what it says.
function Invoke-SslStore($Store, [string] $Command) {
    $Store.Process.StandardInput.WriteLine($Command)
    $Store.Process.StandardOutput.ReadLine()
}

function Stop-SslStore($Store) {
    $Store.Process.StandardInput.Close()
    if (-not $Store.Process.WaitForExit(10000)) { $Store.Process.Kill() }
    $Store.Process.Dispose()
    Stop-WebServer $Store.Web
}

# The error ids of a command.
function Get-ErrorId([Parameter(Mandatory)] [scriptblock] $Command) {
    @(Get-Problem $Command | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] })
}

Export-ModuleMember -Function *-*
