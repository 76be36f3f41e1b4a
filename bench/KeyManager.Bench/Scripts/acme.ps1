param([string] $Manifest, [string] $StorePath, [string] $DirectoryUrl, [string] $RootPath, [string] $WebRoot)
$ErrorActionPreference = 'Stop'
Import-Module $Manifest
$env:KM_STORE = $StorePath
$null = New-KmAccount bench -DirectoryUrl $DirectoryUrl -TrustedRootPath $RootPath -Contact admin@bench.test -AcceptTermsOfService -Default
'ready'
while ($name = [Console]::In.ReadLine()) {
  $watch = [Diagnostics.Stopwatch]::StartNew()
  try {
    $order = New-KmCertificateOrder $name -ChallengeType Http01 -WebRootPath $WebRoot | Invoke-KmChallenge
    $milliseconds = $watch.Elapsed.TotalMilliseconds
    if ($order.Status -ne 'Saved') { throw "The order is $($order.Status)." }
    "done $($milliseconds.ToString([cultureinfo]::InvariantCulture))"
  }
  catch { "failed $_" -replace '\s+', ' ' }
}
