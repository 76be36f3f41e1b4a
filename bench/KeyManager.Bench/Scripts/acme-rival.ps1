# Posh-ACME, as its guide has it, with the same kind of key and the same kind of proof.
param([string] $Module, [string] $StateFolder, [string] $DirectoryUrl, [string] $WebRoot)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$env:POSHACME_HOME = $StateFolder
Import-Module $Module
Set-PAServer -DirectoryUrl $DirectoryUrl -SkipCertificateCheck -DisableTelemetry
for ($try = 1; $try -le 10; $try++) {
  # Where nonces are refused, making the account may fail too; that does not count.
  try { $null = New-PAAccount -AcceptTOS -Contact admin@bench.test -KeyLength ec-256; break } catch { if ($try -eq 10) { throw } }
}
'ready'
while ($name = [Console]::In.ReadLine()) {
  $watch = [Diagnostics.Stopwatch]::StartNew()
  try {
    $certificate = New-PACertificate $name -CertKeyLength ec-256 -Plugin WebRoot -PluginArgs @{ WRPath = $WebRoot }
    $milliseconds = $watch.Elapsed.TotalMilliseconds
    if (-not $certificate) { throw 'No certificate came.' }
    "done $($milliseconds.ToString([cultureinfo]::InvariantCulture))"
  }
  catch { "failed $_" -replace '\s+', ' ' }
}
