# Lists certificates of Windows: in this session, or on another computer by PowerShell remoting. KeyManager calls it; nothing changes and no key is read.
# Each line: kind, place, whether a key lies with it, the certificate in Base64, what is wrong; tabs in between.
param(
    [object[]] $Stores,
    [bool] $WithBindings,
    [hashtable] $Settings,
    [pscredential] $Credential
)

$work = {
    param([object[]] $Stores, [bool] $WithBindings)
    $ErrorActionPreference = 'Stop'

    function Write-Found([string] $Kind, [string] $Place, $Certificate, [string] $Problem) {
        $data = if ($Certificate) { [Convert]::ToBase64String($Certificate.RawData) }
        $key = if ($Certificate) { "$([bool] $Certificate.HasPrivateKey)" }
        @($Kind, $Place, $key, $data, $Problem) -replace '[\t\r\n]+', ' ' -join "`t"
    }

    function Read-Store([string] $Location, [string] $Name, [scriptblock] $Body) {
        $store = [Security.Cryptography.X509Certificates.X509Store]::new($Name, [Security.Cryptography.X509Certificates.StoreLocation] $Location)
        $store.Open('ReadOnly, OpenExistingOnly')
        try { foreach ($certificate in $store.Certificates) { & $Body $certificate } } finally { $store.Close() }
    }

    foreach ($path in $Stores) {
        $location, $name = $path -split '\\', 2
        try {
            Read-Store $location $name { param($certificate) Write-Found 'WindowsStore' "Cert:\$location\$name\$($certificate.Thumbprint)" $certificate }
        } catch {
            Write-Found 'WindowsStore' "Cert:\$location\$name" $null "The store cannot be read: $_"
        }
    }

    if ($WithBindings) {
        try {
            Import-Module WebAdministration
            $bindings = @(Get-WebBinding | Where-Object { $_.protocol -eq 'https' })
        } catch {
            Write-Found 'IisBinding' 'IIS:' $null "IIS cannot be asked: $_"
            return
        }

        foreach ($binding in $bindings) {
            $site = if ("$($binding.ItemXPath)" -match "@name='([^']*)'") { $Matches[1] } else { '?' }
            $place = "IIS:\$site\$($binding.bindingInformation)"
            $store = if ($binding.certificateStoreName) { $binding.certificateStoreName } else { 'My' }
            $hash = "$($binding.certificateHash)"
            try {
                $found = if ($hash) { Read-Store 'LocalMachine' $store { param($certificate) if ($certificate.Thumbprint -eq $hash) { $certificate } } }
                if ($found) {
                    Write-Found 'IisBinding' $place @($found)[0]
                } else {
                    Write-Found 'IisBinding' $place $null $(if ($hash) { "The binding names $hash, which is not in LocalMachine\$store." } else { 'The binding has no certificate.' })
                }
            } catch {
                Write-Found 'IisBinding' $place $null "The store LocalMachine\$store cannot be read: $_"
            }
        }
    }
}

if ($Settings['ComputerName']) {
    $remote = @{ ComputerName = $Settings['ComputerName']; ScriptBlock = $work; ArgumentList = @($Stores, $WithBindings) }
    if ($Credential) { $remote.Credential = $Credential }
    if ($Settings['UseSsl'] -eq 'True') { $remote.UseSSL = $true }
    if ($Settings['Port']) { $remote.Port = [int] $Settings['Port'] }
    if ($Settings['ConfigurationName']) { $remote.ConfigurationName = $Settings['ConfigurationName'] }
    Invoke-Command @remote -ErrorAction Stop
} else {
    & $work $Stores $WithBindings
}
