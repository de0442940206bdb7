/**
 * The leash where there is no `sh`: PowerShell, reading the same lines. The job that Node puts its children in ends
 * them together with the broker, but not their children. What is left is found by parentage: a process whose parent's
 * id is that of a run's root or of something below it, and which is younger than it, and older than whoever has got the root's id since. There is nothing to hand
 * over on Windows (the roots are gone), so it does not wait. The exact start time is compared again before each end.
 */
export const windowsLeashScript = `
$ErrorActionPreference = 'SilentlyContinue'
$runs = @{}
[Console]::Out.WriteLine('ready')
while ($null -ne ($line = [Console]::In.ReadLine())) {
  $number, $verb, $subject, $rest = $line.Split(' ')
  switch ($verb) {
    'run' { $runs[$subject] = ([string]$rest).Split(':') }
    'end' { $runs.Remove($subject) }
  }
  [Console]::Out.WriteLine($number)
}
for ($look = 0; $look -lt 3; $look++) {
  $all = @(Get-CimInstance Win32_Process | Where-Object { $_.CreationDate })
  foreach ($run in $runs.Values) {
    $root = [int]$run[0]
    if ($root -le 4) { continue }
    $born = [long]$run[1]
    $spans = @{}
    $spans[$root] = @($born, [long]::MaxValue)
    $found = @()
    foreach ($holder in @($all | Where-Object { $_.ProcessId -eq $root })) {
      $since = $holder.CreationDate.ToFileTimeUtc()
      if ($since -eq $born) { $found += $holder } else { $spans[$root] = @($born, $since) }
    }
    do {
      $more = @($all | Where-Object {
        $span = $spans[[int]$_.ParentProcessId]
        $since = $_.CreationDate.ToFileTimeUtc()
        $null -ne $span -and -not $spans.ContainsKey([int]$_.ProcessId) -and $since -ge $span[0] -and $since -lt $span[1]
      })
      $found += $more
      foreach ($process in $more) {
        $spans[[int]$process.ProcessId] = @($process.CreationDate.ToFileTimeUtc(), [long]::MaxValue)
      }
    } while ($more.Count -gt 0)
    foreach ($process in $found) {
      $now = Get-CimInstance Win32_Process -Filter "ProcessId=$($process.ProcessId)"
      if ($now.CreationDate -eq $process.CreationDate) { Stop-Process -Id $process.ProcessId -Force }
    }
  }
  Start-Sleep -Milliseconds 300
}
`;
