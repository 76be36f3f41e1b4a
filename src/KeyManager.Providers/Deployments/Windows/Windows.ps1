# One step of a deployment to a Windows server: in this session, or on another computer by PowerShell remoting. KeyManager calls it; nothing of it is written to a file.
# What was bound before is kept on the server, by the id of the deployment: thumbprints only.
param(
    [string] $Action,
    [hashtable] $Settings,
    [string] $DeploymentId,
    [string] $Thumbprint,
    [securestring] $Pfx,
    [securestring] $PfxPassword,
    [hashtable] $ChallengeFiles,
    [pscredential] $Credential,
    [Management.Automation.Runspaces.PSSession] $Session
)

$work = {
    param([string] $Action, [hashtable] $Settings, [string] $DeploymentId, [string] $Thumbprint, [securestring] $Pfx, [securestring] $PfxPassword, [hashtable] $ChallengeFiles)
    $ErrorActionPreference = 'Stop'

    $storeName = if ($Settings['StoreName']) { $Settings['StoreName'] } else { 'My' }
    $location = if ($Settings['StoreLocation']) { $Settings['StoreLocation'] } else { 'LocalMachine' }
    $folder = if ($Settings['StateFolder']) { $Settings['StateFolder'] } else { Join-Path ([Environment]::GetFolderPath('CommonApplicationData')) 'KeyManager' }
    $stateFile = Join-Path $folder "deployment-$DeploymentId.json"
    $outer = if ($ChallengeFiles) { Join-Path $ChallengeFiles.Root '.well-known' }

    function Use-Store([string] $Name, [scriptblock] $Body) {
        $store = [Security.Cryptography.X509Certificates.X509Store]::new($Name, [Security.Cryptography.X509Certificates.StoreLocation] $location)
        $store.Open('ReadWrite')
        try { & $Body $store } finally { $store.Close() }
    }

    function ConvertFrom-Secret([securestring] $Secret) { [Net.NetworkCredential]::new('', $Secret).Password }

    function Find-Certificate([string] $Wanted) {
        Use-Store $storeName { param($store) $store.Certificates | Where-Object { $_.Thumbprint -eq $Wanted } | Select-Object -First 1 }
    }

    function Add-WithKey {
        $flags = [Security.Cryptography.X509Certificates.X509KeyStorageFlags]::PersistKeySet
        if ($location -eq 'LocalMachine') { $flags = $flags -bor [Security.Cryptography.X509Certificates.X509KeyStorageFlags]::MachineKeySet }
        if ($Settings['Exportable'] -eq 'True') { $flags = $flags -bor [Security.Cryptography.X509Certificates.X509KeyStorageFlags]::Exportable }
        $all = [Security.Cryptography.X509Certificates.X509Certificate2Collection]::new()
        $all.Import([Convert]::FromBase64String((ConvertFrom-Secret $Pfx)), (ConvertFrom-Secret $PfxPassword), $flags)
        foreach ($certificate in $all) {
            if ($certificate.Thumbprint -eq $Thumbprint) {
                if ($Settings['FriendlyName'] -and [Environment]::OSVersion.Platform -eq 'Win32NT') { $certificate.FriendlyName = $Settings['FriendlyName'] }
                Use-Store $storeName { param($store) $store.Add($certificate) }
            } else {
                Use-Store 'CertificateAuthority' { param($store) $store.Add($certificate) }
            }
        }
        if ($Settings['KeyReader']) { Grant-Key }
    }

    # With its key: nothing else would ever take that away. A copy of the certificate in another store has the same key, and keeps it.
    function Remove-WithKey([Security.Cryptography.X509Certificates.X509Certificate2] $Certificate) {
        $key = $null
        if ([Environment]::OSVersion.Platform -eq 'Win32NT' -and $Certificate.HasPrivateKey) {
            $copies = Get-ChildItem -Path "Cert:\$location" -Recurse | Where-Object { -not $_.PSIsContainer -and $_.Thumbprint -eq $Certificate.Thumbprint }
            if (@($copies).Count -le 1) {
                $key = [Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey($Certificate)
                if (-not $key) { $key = [Security.Cryptography.X509Certificates.ECDsaCertificateExtensions]::GetECDsaPrivateKey($Certificate) }
            }
        }
        Use-Store $storeName { param($store) $store.Remove($Certificate) }
        if ($key -is [Security.Cryptography.RSACryptoServiceProvider]) { $key.PersistKeyInCsp = $false; $key.Clear() } elseif ($key) { $key.Key.Delete() }
    }

    # The service's account needs the key's file, wherever the provider keeps it.
    function Grant-Key {
        $certificate = Find-Certificate $Thumbprint
        $rsa = [Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey($certificate)
        $ecdsa = if (-not $rsa) { [Security.Cryptography.X509Certificates.ECDsaCertificateExtensions]::GetECDsaPrivateKey($certificate) }
        $name = if ($rsa -and $rsa.Key) { $rsa.Key.UniqueName } elseif ($ecdsa) { $ecdsa.Key.UniqueName } else { $rsa.CspKeyContainerInfo.UniqueKeyContainerName }
        $data = [Environment]::GetFolderPath('CommonApplicationData')
        $file = @("$data\Microsoft\Crypto\Keys\$name", "$data\Microsoft\Crypto\RSA\MachineKeys\$name") | Where-Object { Test-Path -LiteralPath $_ } | Select-Object -First 1
        if (-not $file) { throw "The key of $Thumbprint was not found, so $($Settings['KeyReader']) cannot be given the right to read it." }
        $acl = Get-Acl -LiteralPath $file
        $acl.AddAccessRule([Security.AccessControl.FileSystemAccessRule]::new($Settings['KeyReader'], 'Read', 'Allow'))
        Set-Acl -LiteralPath $file -AclObject $acl
    }

    function Get-IisBinding {
        Import-Module WebAdministration
        Get-WebBinding -Name $Settings['Site'] -Protocol https | Where-Object { -not $Settings['HostHeader'] -or $_.bindingInformation -like "*:$($Settings['HostHeader'])" }
    }

    function Get-SqlKey {
        $instance = if ($Settings['Instance']) { $Settings['Instance'] } else { 'MSSQLSERVER' }
        $id = (Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Microsoft SQL Server\Instance Names\SQL').$instance
        if (-not $id) { throw "There is no instance $instance of SQL Server." }
        "HKLM:\SOFTWARE\Microsoft\Microsoft SQL Server\$id\MSSQLServer\SuperSocketNetLib"
    }

    # What is bound now: one thumbprint, or none.
    function Get-Bound {
        switch ($Settings['Recipe']) {
            'IIS' { Get-IisBinding | ForEach-Object { $_.certificateHash } | Where-Object { $_ } | Select-Object -First 1 }
            'RdpListener' { (Get-CimInstance -Namespace root/cimv2/TerminalServices -ClassName Win32_TSGeneralSetting -Filter "TerminalName='RDP-Tcp'").SSLCertificateSHA1Hash }
            'RdGateway' { Import-Module RemoteDesktopServices; (Get-Item -LiteralPath RDS:\GatewayServer\SSLCertificate\Thumbprint).CurrentValue }
            'WinRM' { (Get-WSManInstance winrm/config/Listener -SelectorSet @{ Address = '*'; Transport = 'HTTPS' }).CertificateThumbprint }
            'Exchange' { Add-PSSnapin Microsoft.Exchange.Management.PowerShell.SnapIn; Get-ExchangeCertificate | Where-Object { "$($_.Services)" -match 'IIS' } | Select-Object -First 1 -ExpandProperty Thumbprint }
            'SqlServer' { (Get-ItemProperty -LiteralPath (Get-SqlKey)).Certificate }
            'Adfs' { (Get-AdfsSslCertificate | Select-Object -First 1).CertificateHash }
        }
    }

    function Set-Bound([string] $Wanted) {
        switch ($Settings['Recipe']) {
            'IIS' {
                $bindings = @(Get-IisBinding)
                if ($bindings.Count -eq 0) {
                    $new = @{ Name = $Settings['Site']; Protocol = 'https'; Port = 443 }
                    if ($Settings['HostHeader']) { $new.HostHeader = $Settings['HostHeader']; $new.SslFlags = 1 }
                    New-WebBinding @new
                    $bindings = @(Get-IisBinding)
                }
                foreach ($binding in $bindings) { $binding.AddSslCertificate($Wanted, $storeName) }
            }
            'RdpListener' {
                $setting = Get-CimInstance -Namespace root/cimv2/TerminalServices -ClassName Win32_TSGeneralSetting -Filter "TerminalName='RDP-Tcp'"
                Set-CimInstance -InputObject $setting -Property @{ SSLCertificateSHA1Hash = $Wanted }
            }
            'RdGateway' { Import-Module RemoteDesktopServices; Set-Item -LiteralPath RDS:\GatewayServer\SSLCertificate\Thumbprint -Value $Wanted; Restart-Service TSGateway }
            'WinRM' { Set-WSManInstance winrm/config/Listener -SelectorSet @{ Address = '*'; Transport = 'HTTPS' } -ValueSet @{ CertificateThumbprint = $Wanted } }
            'Exchange' {
                Add-PSSnapin Microsoft.Exchange.Management.PowerShell.SnapIn
                $services = if ($Settings['Services']) { $Settings['Services'] } else { 'IIS,SMTP' }
                Enable-ExchangeCertificate -Thumbprint $Wanted -Services $services -Force
            }
            'SqlServer' {
                Set-ItemProperty -LiteralPath (Get-SqlKey) -Name Certificate -Value $Wanted.ToLowerInvariant()
                $service = if ($Settings['Instance'] -and $Settings['Instance'] -ne 'MSSQLSERVER') { "MSSQL`$$($Settings['Instance'])" } else { 'MSSQLSERVER' }
                Restart-Service -Name $service -Force
            }
            'Adfs' { Set-AdfsSslCertificate -Thumbprint $Wanted; Set-AdfsCertificate -CertificateType Service-Communications -Thumbprint $Wanted; Restart-Service adfssrv }
        }
    }

    # Beside and renamed: the web server never hands out half of it.
    function Write-Whole([string] $Path, [string] $Text) {
        $beside = "$Path.$([guid]::NewGuid().ToString('N'))"
        [IO.File]::WriteAllText($beside, $Text)
        Move-Item -LiteralPath $beside -Destination $Path -Force
    }

    switch ($Action) {
        'Install' {
            if (-not (Test-Path -LiteralPath $folder)) { $null = New-Item -ItemType Directory -Path $folder }
            $before = "$(Get-Bound)"
            # A run that was broken off has written down what was there before it, and that counts.
            if (-not (Test-Path -LiteralPath $stateFile)) { @{ Bound = $before; WasThere = [bool](Find-Certificate $Thumbprint) } | ConvertTo-Json | Set-Content -LiteralPath $stateFile }
            Add-WithKey
            if ($before -ne $Thumbprint) { Set-Bound $Thumbprint }
        }
        'Rollback' {
            if (-not (Test-Path -LiteralPath $stateFile)) { return }
            $state = Get-Content -LiteralPath $stateFile -Raw | ConvertFrom-Json
            if ($state.Bound -and $state.Bound -ne $Thumbprint) { Set-Bound $state.Bound }
            if (-not $state.WasThere) { $certificate = Find-Certificate $Thumbprint; if ($certificate) { Remove-WithKey $certificate } }
            Remove-Item -LiteralPath $stateFile
        }
        'Uninstall' {
            if ("$(Get-Bound)" -eq $Thumbprint) { throw "The certificate $Thumbprint is still in use by $($Settings['Recipe']). Bind another one first." }
            $certificate = Find-Certificate $Thumbprint
            if ($certificate) { Remove-WithKey $certificate }
            if (Test-Path -LiteralPath $stateFile) { Remove-Item -LiteralPath $stateFile }
        }
        'Publish' {
            if (-not (Test-Path -LiteralPath $ChallengeFiles.Root -PathType Container)) { throw "The web root $($ChallengeFiles.Root) does not exist." }
            foreach ($file in $ChallengeFiles.Files) {
                $inner = Join-Path $outer $file.Folder
                foreach ($path in $outer, $inner) {
                    # What was made is told, so that it can go again.
                    if (-not (Test-Path -LiteralPath $path)) { $null = New-Item -ItemType Directory -Path $path; $path }
                }
                Write-Whole (Join-Path $inner $file.Name) $file.Text
                $config = Join-Path $inner 'web.config'
                if ($Settings['WebConfig'] -eq 'True' -and -not (Test-Path -LiteralPath $config)) { Write-Whole $config $ChallengeFiles.WebConfig }
            }
        }
        'Unpublish' {
            foreach ($file in $ChallengeFiles.Files) {
                $path = Join-Path (Join-Path $outer $file.Folder) $file.Name
                if (Test-Path -LiteralPath $path) { Remove-Item -LiteralPath $path -Force }
            }
            foreach ($inner in $ChallengeFiles.Files | ForEach-Object { Join-Path $outer $_.Folder } | Select-Object -Unique | Where-Object { Test-Path -LiteralPath $_ }) {
                $config = Join-Path $inner 'web.config'
                $left = @(Get-ChildItem -LiteralPath $inner -Force)
                if ($left.Count -eq 1 -and $left[0].Name -eq 'web.config' -and [IO.File]::ReadAllText($config) -eq $ChallengeFiles.WebConfig) { Remove-Item -LiteralPath $config }
                foreach ($path in $inner, $outer) {
                    if ($ChallengeFiles.Made -contains $path -and @(Get-ChildItem -LiteralPath $path -Force).Count -eq 0) { Remove-Item -LiteralPath $path -Force }
                }
            }
        }
        { $_ -in 'Look', 'Test' } {
            Use-Store $storeName { param($store) $null = $store.Certificates.Count }
            $null = Get-Bound
        }
        'Test' {
            if ($Settings['WebRoot'] -and -not (Test-Path -LiteralPath $Settings['WebRoot'] -PathType Container)) { throw "The web root $($Settings['WebRoot']) does not exist." }
        }
    }
}

$arguments = @($Action, $Settings, $DeploymentId, $Thumbprint, $Pfx, $PfxPassword, $ChallengeFiles)
if ($Session) {
    Invoke-Command -Session $Session -ScriptBlock $work -ArgumentList $arguments -ErrorAction Stop
} elseif ($Settings['ComputerName']) {
    $remote = @{ ComputerName = $Settings['ComputerName']; ScriptBlock = $work; ArgumentList = $arguments }
    if ($Credential) { $remote.Credential = $Credential }
    if ($Settings['UseSsl'] -eq 'True') { $remote.UseSSL = $true }
    if ($Settings['Port']) { $remote.Port = [int] $Settings['Port'] }
    if ($Settings['ConfigurationName']) { $remote.ConfigurationName = $Settings['ConfigurationName'] }
    Invoke-Command @remote -ErrorAction Stop
} else {
    & $work @arguments
}
