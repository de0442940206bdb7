import { browserPatterns, browsersText } from './browsers';
import { markerVariable } from './runMarker';

/** Around and between the texts of a keep-list: it is in no command line that anybody would name. */
export const keepSeparator = '\x1f';

/**
 * The guard that outlives the broker: POSIX `sh`, under 2 MB, no Node, so that `killall node` leaves it alone. The end
 * of its input is its only trigger: a broker that is stopped or slow still holds the other end of the pipe.
 *
 * $1 the broker's folder in the ledger, '' when there is none · $2 the machine, as folders of the ledger name it.
 * Lines: `NUMBER run MARKER PID:START:SIGNAL:GRACE:DOUBT GROUP [KEEP]` · `NUMBER end MARKER` · `NUMBER hold TIME`; each is answered with
 * its number. Times are tenths of seconds. PID 0 is a run that is about to be started,
 * DOUBT the time to wait before the signal, which may have been sent already, GROUP `-` one without a control group.
 *
 * - When the input ends it waits for a new broker to rename the folder. A rename has one winner: either a broker took
 *   the runs over, or they are stopped here. Runs without a file anywhere belong to nobody and are stopped too.
 * - A group is signalled only while its number is certainly ours: the leader with its start time, zombie or not, or a
 *   member with the marker. One signal, CONT, the grace, then KILL until two looks in a row have seen nobody.
 * - Whoever is in the control group of a run is of the run: KILL to the group as a whole comes last, and then it is removed.
 * - Whoever has left session and group, and whose command line holds a text of the keep-list, is left alone.
 * - Backends that are asleep have no run here, only a file in the folder: it goes with the folder. The file of a run that it
 *   was never told of stays: the next broker ends that one.
 * - A shell that cannot fork ends; its last act needs no fork: KILL to the groups that are certainly ours.
 */
export const leashScript = `# Local Backends: ends the backends when their broker is gone and no new one comes.
trap '' HUP INT QUIT TERM PIPE TSTP
LC_ALL=C
export LC_ALL
us='${keepSeparator}'
records=$1
taken=
hold=50
runs=
missing=
[ -r /proc/self/stat ] && proc=yes || proc=

forget() {
  kept=
  for item in $runs; do
    case $item in "$1":*) ;; *) kept="$kept $item" ;; esac
  done
  runs=$kept
  keep "$1" ''
  cell "$1" ''
}

keep() {
  case $1 in '' | *[!0-9a-f]*) return 0 ;; esac
  eval "keep_$1=\\$2"
}

cell() {
  case $1 in '' | *[!0-9a-f]*) return 0 ;; esac
  case $2 in /*/local-backends-"$1") eval "cell_$1=\\$2" ;; *) eval "cell_$1=" ;; esac
}

split() {
  marker=\${1%%:*}
  fields=\${1#*:}
  leader=\${fields%%:*}
  fields=\${fields#*:}
  born=\${fields%%:*}
  fields=\${fields#*:}
  signal=\${fields%%:*}
  fields=\${fields#*:}
  grace=\${fields%%:*}
  doubt=\${fields#*:}
  due=$((doubt + grace))
  eval "cell=\\$cell_$marker"
}

members() {
  [ -z "$cell" ] || members_of "$cell"
}

members_of() {
  { while read -r pid; do echo "$pid"; done <"$1/cgroup.procs"; } 2>/dev/null
  for inner in "$1"/*/ "$1"/.[!.]*/ "$1"/..?*/; do
    [ ! -d "$inner" ] || members_of "\${inner%/}"
  done
}

kill_cell() {
  [ -n "$cell" ] && [ -w "$cell/cgroup.kill" ] && echo 1 >"$cell/cgroup.kill"
}

close_cell() {
  [ -n "$cell" ] || return 0
  remove_cell "$cell"
  [ ! -d "$cell" ]
}

remove_cell() {
  for inner in "$1"/*/ "$1"/.[!.]*/ "$1"/..?*/; do
    [ ! -d "$inner" ] || remove_cell "\${inner%/}"
  done
  rmdir "$1" 2>/dev/null
}

facts() {
  state=
  group=0
  session=0
  start=
  if [ -n "$proc" ]; then
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
    set -- \${stat##*) }
    state=$1
    # Of a zombie whose other threads go on only the first has ended.
    [ "$state" != Z ] || [ "\${18}" -le 1 ] || state=S
    group=$3
    session=$4
    start=\${20}
  else
    set -- $(ps -o stat=,pgid=,lstart= -p "$1" 2>/dev/null | tr : -)
    [ "$#" -ge 7 ] || return 1
    state=\${1%"\${1#?}"}
    group=$2
    start=$3_$4_$5_$6_$7
  fi
}

marked() {
  if [ -n "$proc" ]; then
    for file in $(grep -laF "${markerVariable}=$1" /proc/[0-9]*/environ 2>/dev/null); do
      file=\${file#/proc/}
      echo "\${file%/environ}"
    done
  else
    ps -axEww -o pid=,command= 2>/dev/null | while read -r pid words; do
      case $words in *"${markerVariable}=$1"*) echo "$pid" ;; esac
    done
  fi
}

everybody() {
  if [ -n "$proc" ]; then
    for file in /proc/[0-9]*; do
      pids="$pids \${file#/proc/}"
    done
  else
    pids=$(ps -ax -o pid= 2>/dev/null)
  fi
}

is_leader() {
  [ "$leader" -gt 1 ] && facts "$leader" && [ "$start" = "$born" ]
}

lives() {
  is_leader || return 1
  case $state in Z | X | x) return 1 ;; esac
}

browser() {
  program=\${words%% *}
  case \${program##*/} in
    ${browserPatterns.programs}) ;;
    *) return 1 ;;
  esac
  case $words in ${browserPatterns.driven}) return 1 ;; esac
}

spared() {
  eval "texts=\\$keep_$marker"
  [ -n "$texts" ] || return 1
  if [ -n "$proc" ]; then
    words=$(tr '\\0' ' ' 2>/dev/null <"/proc/$1/cmdline")
  else
    words=$(ps -ww -o command= -p "$1" 2>/dev/null)
  fi
  while [ "\${#texts}" -gt 1 ]; do
    texts=\${texts#?}
    text=\${texts%%"$us"*}
    if [ "$text" = ${browsersText} ]; then
      browser && return 0
    else
      case $words in *"\${text:-$us}"*) return 0 ;; esac
    fi
    texts=\${texts#"$text"}
  done
  return 1
}

note() {
  [ "$1" -gt 1 ] && [ "$1" != "$$" ] && facts "$1" || return 0
  case $state in Z | X | x) return 0 ;; esac
  case " $inside $outside " in *" $1 "*) return 0 ;; esac
  if [ "$leader" -gt 1 ] && [ "$group" = "$leader" ]; then
    inside="$inside $1"
  elif [ "$leader" -gt 1 ] && [ "$session" = "$leader" ]; then
    outside="$outside $1"
  elif [ -n "$2" ] && ! spared "$1"; then
    outside="$outside $1"
  fi
}

look() {
  inside=
  outside=
  for pid in $(marked "$marker") $(members); do
    note "$pid" marked
  done
  [ -n "$inside" ] || is_leader || return 0
  pids=
  everybody
  for pid in $pids; do
    note "$pid"
  done
}

tell() {
  [ -n "$inside" ] && kill -s "$1" -- "-$leader" 2>/dev/null
  for pid in $outside; do
    kill -s "$1" "$pid" 2>/dev/null
  done
}

tell_late() {
  case $late in *"$marker"*) return 0 ;; esac
  late="$late $marker"
  look
  tell "$signal"
  tell CONT
}

recorded() {
  for file in "$records"/*.json; do
    [ -e "$file" ] && return 0
  done
  return 1
}

last_resort() {
  [ -z "$records" ] || [ -d "$records" ] || [ -d "$taken" ] || exit 1
  for run in $runs; do
    split "$run"
    is_leader && kill -s KILL -- "-$leader" 2>/dev/null
    kill_cell
  done
}

pause() {
  sleep "$nap"
  passed=$((passed + step))
}

reap() {
  for run in $runs; do
    split "$run"
    look
    [ "$doubt" -gt 0 ] || tell "$signal"
    tell CONT
  done
  passed=0
  late=
  quiet=
  while [ -n "$runs" ]; do
    pause
    left=
    seen_quiet=$quiet
    quiet=
    for run in $runs; do
      split "$run"
      [ "$doubt" -eq 0 ] || [ "$passed" -lt "$doubt" ] || tell_late
      if [ "$passed" -lt "$due" ] && lives; then
        left="$left $run"
        continue
      fi
      look
      if [ -z "$inside$outside" ]; then
        case $seen_quiet in *"$marker"*) close_cell && continue ;; esac
        quiet="$quiet $marker"
        # Somebody whom no look has seen keeps the group open: a kill of the group needs no look.
        [ "$passed" -lt "$due" ] || kill_cell
      elif [ "$passed" -ge "$due" ]; then
        tell KILL
        kill_cell
      fi
      if [ "$passed" -lt "$((due + 100))" ]; then left="$left $run"; else stuck=yes; fi
    done
    runs=$left
  done
}

tools='sleep grep mv rm rmdir tr'
[ -n "$proc" ] || tools="$tools ps"
for tool in $tools; do
  command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
done
if [ -n "$missing" ]; then
  echo "missing:$missing"
  exit 1
fi
facts "$$" && [ -n "$records" ] && taken=\${records%/*}/$2.$$.$start.leash
echo ready
while read -r number verb subject rest; do
  case $verb in
    run)
      forget "$subject"
      runs="$runs $subject:\${rest%% *}"
      rest=\${rest#* }
      cell "$subject" "\${rest%% *}"
      case $rest in *' '*) keep "$subject" "\${rest#* }" ;; esac
      ;;
    end) forget "$subject" ;;
    hold) hold=$subject ;;
  esac
  echo "$number"
done

trap last_resort EXIT
exec >/dev/null
if sleep 0.1 2>/dev/null; then
  nap=0.1
  step=1
else
  nap=1
  step=10
fi
passed=1
stuck=
while { [ -n "$runs" ] || recorded; } && [ "$passed" -lt "$hold" ] && { [ -z "$records" ] || [ -d "$records" ]; }; do
  pause
done
if [ -n "$records" ] && ! mv "$records" "$taken" 2>/dev/null; then
  taken=
  # A file that is just being moved from folder to folder may be seen in neither.
  sleep 1
  for run in $runs; do
    for file in "\${records%/*}"/*/"\${run%%:*}".json; do
      [ -e "$file" ] && forget "\${run%%:*}"
    done
  done
fi
handled=$runs
reap
trap - EXIT
if [ -n "$records" ] && [ -n "$taken" ] && [ -z "$stuck" ]; then
  for file in "$taken"/*.json; do
    name=\${file##*/}
    case "$handled " in
      *" \${name%.json}:"*) rm -f "$file" ;;
      *) grep -qF '"asleep":{' "$file" 2>/dev/null && rm -f "$file" ;;
    esac
  done
  rm -f "$taken"/.*.tmp 2>/dev/null
  rmdir "$taken" 2>/dev/null
fi
exit 0
`;
