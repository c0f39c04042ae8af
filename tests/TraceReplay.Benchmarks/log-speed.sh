#!/usr/bin/env bash
# A generated kernel log of 1 GB into a database, against mawk looking for one word in it, in turn; and the same log compressed.
# Usage: log-speed.sh [MEGABYTES [HITS_PER_MILLE [RUNS]]]     needs mawk, zstd and GNU time; the machine should be quiet
set -euo pipefail
megabytes=${1:-1000} hits=${2:-10} runs=${3:-5}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tool=$here/src/TraceReplay.Cli/bin/Release/net10.0/tracereplay
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

dotnet run -c Release --project "$here/tests/TraceReplay.Benchmarks" -- log "$megabytes" "$hits" 1 > "$work/dmesg.log"
zstd -q -3 "$work/dmesg.log" -o "$work/dmesg.log.zst"
measure() { # NAME COMMAND...: wall and processor seconds, peak MiB
    local name=$1
    shift
    rm -f "$work/case.db"
    /usr/bin/time -o "$work/time" -f '%e %U %S %M' "$@" > /dev/null
    awk -v name="$name" '{ printf "  %-28s %6.2f s wall, %6.2f s CPU, peak %4.0f MiB\n", name, $1, $2 + $3, $4 / 1024 }' "$work/time"
}

for run in $(seq "$runs"); do
    echo "run $run"
    measure "ingest --db" "$tool" ingest "$work/dmesg.log" --db "$work/case.db"
    measure "mawk /swiotlb/" mawk '/swiotlb/ { n++ } END { print n }' "$work/dmesg.log"
    measure "analyze --db" "$tool" analyze "$work/dmesg.log" --db "$work/case.db"
    measure "ingest of the .zst" "$tool" ingest "$work/dmesg.log.zst" --db "$work/case.db"
done
