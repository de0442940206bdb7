/**
 * The program that carries a backend's output to its file: `sh` and `dd`, 4 MB in all, no Node, so that it outlives
 * the broker, the editor and even `killall node`. It ends by itself when nobody holds the other end of the pipe.
 *
 * $1 file · $2 rotate at this many bytes · $3 fewest blocks per `dd`: the file grows to $2 + $3 × 64 KiB at most.
 * - `dd bs=` writes every read at once (no line waits for a full block) and stops after `count` reads.
 * - Between two `dd` nothing is lost: the output waits in the pipe.
 * - Rotation is a rename by the only writer: no byte is copied, none is truncated away.
 * - Fewer reads than asked for, with success, is the end of the pipe.
 * - When the file cannot be written (disk full) output is dropped, a few blocks at a time: the backend must not block on its log.
 *   Nothing is written again before a line that tells of it.
 */
export const logPumpScript = `
trap '' HUP INT QUIT TERM PIPE TSTP
umask 077
LC_ALL=C
export LC_ALL
file=$1
limit=$2
step=$3
block=65536
lost=
newline='
'

reads() {
  counted=\${1% records in*}
  counted=\${counted##*"$newline"}
  case $counted in
    '' | *[!0-9+]* | +* | *+ | *+*+*) return 1 ;;
  esac
  total=$((\${counted%+*} + \${counted#*+}))
}

note() {
  printf '\n%s\n' '─── output is missing here: the log could not be written ───' 2>/dev/null >>"$file"
}

drop() {
  report=$(dd bs=$block count=4 2>&1 >/dev/null) || exit 1
  reads "$report" || exit 1
  [ "$total" -lt 4 ] || return 0
  note
  exit 0
}

while :; do
  used=$(wc -c 2>/dev/null <"$file") || used=0
  used=$((used))
  if [ "$used" -ge "$limit" ]; then
    mv -f "$file" "$file.1" && used=0
  fi
  if [ -n "$lost" ]; then
    if ! note; then
      drop
      continue
    fi
    lost=
  fi
  count=$(((limit - used) / block))
  [ "$count" -lt "$step" ] && count=$step
  if report=$(dd bs=$block count=$count 2>&1 >>"$file"); then
    reads "$report" || exit 1
    [ "$total" -lt "$count" ] && exit 0
  else
    lost=1
    drop
  fi
done
`;
