#requires -Version 7.2
<#
Runbook for Azure Automation on a hybrid worker, where the store is on the disk of the worker. A sandbox in the cloud loses its disk after each job.
A runbook that is interrupted begins again from its first line: Invoke-KmRenewal goes on where it was.
Schedule it every few hours. A failure ends the job as Failed, for an alert of Azure Monitor.
#>
param(
    [string] $StorePath = $(if ($IsWindows) { "$env:ProgramData\KeyManager\store.db" } else { '/var/lib/keymanager/store.db' })
)

$ErrorActionPreference = 'Stop'
Import-Module KeyManager
Invoke-KmRenewal -StorePath $StorePath -Confirm:$false -ErrorAction Continue -ErrorVariable problems | Out-String -Width 200 | Write-Output
if ($problems) {
    throw "$($problems.Count) renewals failed: $($problems[0])"
}
