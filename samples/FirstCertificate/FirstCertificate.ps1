# From nothing to a renewed certificate, with the cmdlets. Program.cs starts it together with a small web server; Tour.cs is the same in C#.
[CmdletBinding()]
param(
  # Where everything goes.
  [Parameter(Mandatory)] [string] $Folder,

  # Where the web server of the name listens; it serves the folder www below $Folder.
  [Parameter(Mandatory)] [string] $SiteAddress,

  # The module; leave it out once KeyManager is installed.
  [string] $Manifest = 'KeyManager'
)

$ErrorActionPreference = 'Stop'
$script:number = 0

# Says what comes; shows each command, runs it and shows what it wrote.
function Step([string] $What, [scriptblock[]] $Command) {
  $script:number++
  Write-Host "`n$($script:number). $What"
  foreach ($each in $Command) {
    Write-Host "   PS> $("$each".Trim())"
    . $each | Out-String -Stream | Where-Object { $_ } | ForEach-Object { Write-Host "   $_" }
  }
}

try {
  Import-Module $Manifest
  Set-Location -LiteralPath $Folder
  $name = 'www.contoso.test'

  # A tutorial may show its password. Yours comes from Read-Host -AsSecureString or from a vault.
  $password = ConvertTo-SecureString 'first-certificate' -AsPlainText -Force

  # Every cmdlet from here on uses this store instead of yours; it ends with this process.
  $env:KM_STORE = Join-Path $Folder 'store/store.db'

  Step 'A store for keys, orders and certificates, encrypted with a key file' {
    Initialize-KmStore -KeyFilePath ./store.key
  }
  Step 'A private authority that asks for proof by http-01, as a public one would' {
    New-KmAccount private -Authority Local -Setting @{ Validation = 'Http01'; ValidationAddress = $SiteAddress }
  }, {
    Export-KmAccountCertificate private ./root.crt
  }
  Step 'An order: a key, a request, and a challenge to answer' {
    New-KmCertificateOrder $name -WebRootPath ./www
  }, {
    Get-KmChallenge $name
  }
  Step 'The proof: publish the challenge file, have it checked, take it away, collect and save the certificate' {
    Get-KmCertificateOrder $name | Invoke-KmChallenge -Verbose
  }, {
    Get-KmCertificate $name
  }
  Step 'Files for servers: PKCS#12 for IIS, JKS for Tomcat, PEM for nginx' {
    Export-KmCertificate $name ./tls/ -Format Pkcs12 -Password $password
  }, {
    Export-KmCertificate $name ./tls/ -Format Jks -Password $password
  }, {
    Export-KmCertificate $name ./tls/ -Format Pem
  }
  Step 'A renewal before it is due: a new key and certificate, proved again; then the files again' {
    Update-KmCertificate $name -Force
  }, {
    'Pkcs12', 'Jks' | ForEach-Object { Export-KmCertificate $name ./tls/ -Format $_ -Password $password -Force }
  }, {
    Export-KmCertificate $name ./tls/ -Format Pem -Force
  }
  Step 'The history: every version stays until you remove it' {
    Get-KmCertificateHistory $name
  }
} catch {
  [Console]::Error.WriteLine("The first certificate could not be made. $($_.Exception.Message) $(if ($_.ErrorDetails) { $_.ErrorDetails.RecommendedAction }) ($($_.FullyQualifiedErrorId))")
  exit 1
}
