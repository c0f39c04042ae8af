#!/usr/bin/env bash
# Whole-process figures of one run: analyze --db on a capture, against sqlite3's .import of a CSV of the same rows.
# Usage: whole-process.sh CAPTURE_FOLDER [RUNS]     needs sqlite3 and GNU time; the machine should be quiet
set -euo pipefail
capture=$1 runs=${2:-3}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tool=$here/src/TraceReplay.Cli/bin/Release/net10.0/tracereplay
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$tool" analyze "$capture" --db "$work/first.db" > /dev/null
events=$(sqlite3 "$work/first.db" 'SELECT count(*) FROM event_row')
sqlite3 -header -csv "$work/first.db" 'SELECT * FROM event_row' > "$work/rows.csv"
for run in $(seq "$runs"); do
    rm -f "$work/a.db" "$work/b.db"
    /usr/bin/time -o "$work/a" -f '%e %M' "$tool" analyze "$capture" --db "$work/a.db" > /dev/null
    /usr/bin/time -o "$work/b" -f '%e %M' sqlite3 "$work/b.db" -cmd '.mode csv' ".import $work/rows.csv event_row"
    read -r a_seconds a_kib < "$work/a"
    read -r b_seconds b_kib < "$work/b"
    awk -v run="$run" -v n="$events" -v a="$a_seconds" -v m="$a_kib" -v b="$b_seconds" \
        'BEGIN { printf "run %d: analyze --db %.2f s, %.2f M events/s, peak %.0f MiB; sqlite3 .import %.2f s; ratio %.2f\n", run, a, n / a / 1e6, m / 1024, b, a / b }'
done
