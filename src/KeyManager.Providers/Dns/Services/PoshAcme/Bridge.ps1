param(
    [string] $PluginPath,
    [hashtable] $PluginArgument,
    [object[]] $Change,
    [string] $StatePath
)

# A plug-in lives in a module of its own, as it does at home: it keeps things in its script scope and calls a few helpers by name.
$plugin = New-Module -Name KeyManagerPoshAcmePlugin -ArgumentList $PluginPath, $StatePath -ScriptBlock {
    param($PluginPath, $StatePath)

    $ErrorActionPreference = 'Stop'
    $script:UseBasic = @{}
    if ((Get-Command Invoke-WebRequest).Parameters.ContainsKey('UseBasicParsing')) { $script:UseBasic['UseBasicParsing'] = $true }
    $script:StatePath = $StatePath

    function Get-DateTimeOffsetNow { [DateTimeOffset]::Now }

    function ConvertTo-Base64Url {
        [CmdletBinding(DefaultParameterSetName = 'Text')]
        param(
            [Parameter(ParameterSetName = 'Text', Mandatory, Position = 0, ValueFromPipeline)] [AllowEmptyString()] [string] $Text,
            [Parameter(ParameterSetName = 'Text')] [switch] $FromBase64,
            [Parameter(ParameterSetName = 'Bytes', Mandatory, Position = 0)] [AllowEmptyCollection()] [byte[]] $Bytes
        )
        process {
            $base64 = if ($FromBase64) { $Text }
            elseif ($PSCmdlet.ParameterSetName -eq 'Bytes') { [Convert]::ToBase64String($Bytes) }
            else { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Text)) }
            $base64.TrimEnd('=').Replace('+', '-').Replace('/', '_')
        }
    }

    function ConvertFrom-Base64Url {
        param([Parameter(Mandatory, Position = 0, ValueFromPipeline)] [AllowEmptyString()] [string] $Base64Url, [switch] $AsByteArray)
        process {
            $base64 = $Base64Url.Replace('-', '+').Replace('_', '/')
            $bytes = [Convert]::FromBase64String($base64.PadRight([int][Math]::Ceiling($base64.Length / 4.0) * 4, '='))
            if ($AsByteArray) { , $bytes } else { [Text.Encoding]::UTF8.GetString($bytes) }
        }
    }

    # Private keys as text: PowerShell 7 reads them itself.
    function Import-Pem {
        param([Parameter(Mandatory)] [string] $InputString)
        $key = [Security.Cryptography.RSA]::Create()
        if (-not $key.PSObject.Methods['ImportFromPem']) { throw 'This plug-in reads a private key, which needs PowerShell 7.' }
        $key.ImportFromPem($InputString)
        $key
    }

    function ConvertFrom-BCKey { param([Parameter(Mandatory, ValueFromPipeline)] $Key) process { $Key } }

    function Import-PluginVar {
        param([Parameter(Mandatory, Position = 0)] [string] $VarName)
        if ($script:StatePath -and (Test-Path -LiteralPath $script:StatePath)) {
            (Get-Content -LiteralPath $script:StatePath -Raw | ConvertFrom-Json).$VarName
        }
    }

    function Export-PluginVar {
        param([Parameter(Mandatory, Position = 0)] [string] $VarName, [Parameter(Mandatory, Position = 1)] [object] $VarValue)
        if (-not $script:StatePath) { throw "The plug-in wants to remember '$VarName'. Name a file for it: Set-KmDnsAccount <name> -StatePath <file>" }
        $all = if (Test-Path -LiteralPath $script:StatePath) { Get-Content -LiteralPath $script:StatePath -Raw | ConvertFrom-Json } else { [pscustomobject]@{} }
        $all | Add-Member -NotePropertyName $VarName -NotePropertyValue $VarValue -Force
        $all | ConvertTo-Json -Depth 8 | Set-Content -LiteralPath $script:StatePath -Encoding UTF8
    }

    . $PluginPath

    function Invoke-PluginChange {
        param($Change, $PluginArgument)
        if ((Get-CurrentPluginType) -ne 'dns-01') { throw 'This plug-in is not one for DNS.' }
        foreach ($one in $Change) {
            if ($one.IsRemoval) { $null = Remove-DnsTxt -RecordName $one.RecordName -TxtValue $one.TxtValue @PluginArgument }
            else { $null = Add-DnsTxt -RecordName $one.RecordName -TxtValue $one.TxtValue @PluginArgument }
        }

        # Some plug-ins only collect until here.
        $null = Save-DnsTxt @PluginArgument
    }

    Export-ModuleMember -Function Invoke-PluginChange
}

try {
    & $plugin.ExportedFunctions['Invoke-PluginChange'] $Change $PluginArgument
}
finally {
    Remove-Module -ModuleInfo $plugin -Force -ErrorAction Ignore
}
