#!/bin/sh
# TraceReplay @VERSION@: records what "tracereplay analyze" needs to tell who holds a DMA pool. Read it, then run it as root:
#
#     sh capture.sh [-d SECONDS] [-o FOLDER] [-i SECONDS] [-b KILOBYTES] [-m MEGABYTES]
#
#     -d  how long to record (60); Ctrl-C ends the recording early and keeps it
#     -o  where to write, must not exist (tracereplay-capture-DATE)
#     -i  seconds between readings of the pool's counters (1)
#     -b  ring buffer for each CPU, KiB (4096)
#     -m  most of the trace to keep, MiB before compression (512)
#
# Meant for: @TARGET@, kernel @KERNEL_TEXT@.
#
# What it changes while it runs: it adds kprobes of the group "gt" to kprobe_events, and a tracing instance of its own named
# "tracereplay". Other users of tracing are not disturbed. Both are taken away at the end, also after Ctrl-C or a failure.
# What it costs: a microsecond or two for each mapping, the ring buffers, and the disk space of -m.
# What it writes: FOLDER with the trace, counters, kernel log and device lists, readable by root only: it holds kernel addresses,
# device names and the kernel log. Nothing leaves the machine.

ROOT=                   # leave empty; a test points it at a copy of /sys and /proc
WANT=@WANT@
KERNEL=@KERNEL@
DURATION=60
INTERVAL=1
BUFFER_KB=4096
MOST_MIB=512
OUT=

set -u
umask 077
LC_ALL=C
export LC_ALL

GROUP=gt
CREATED=0
INSTANCE=
READER=
WRITER=
STOP=0

say() { printf '%s\n' "tracereplay: $*" >&2; }
die() { say "$*"; exit 1; }
usage() { die "usage: sh capture.sh [-d SECONDS] [-o FOLDER] [-i SECONDS] [-b KILOBYTES] [-m MEGABYTES]"; }

while getopts d:o:i:b:m: option; do
    case $option in
        d) DURATION=$OPTARG ;;
        o) OUT=$OPTARG ;;
        i) INTERVAL=$OPTARG ;;
        b) BUFFER_KB=$OPTARG ;;
        m) MOST_MIB=$OPTARG ;;
        *) usage ;;
    esac
done
for number in "$DURATION" "$INTERVAL" "$BUFFER_KB" "$MOST_MIB"; do
    case $number in
        '' | *[!0-9]* | 0 | ??????????*) usage ;;
    esac
done

# What there is to work with -------------------------------------------------------------------------------------------------

[ "$(id -u)" = 0 ] || die "needs root: tracing is for root only (sudo sh capture.sh)"
MACHINE=$(uname -m)
[ -n "$KERNEL" ] || KERNEL=$(uname -r)

TRACING=
for folder in "$ROOT/sys/kernel/tracing" "$ROOT/sys/kernel/debug/tracing"; do
    if [ -e "$folder/kprobe_events" ] && [ -d "$folder/instances" ]; then
        TRACING=$folder
        break
    fi
done
[ -n "$TRACING" ] || die "no tracefs with kprobes found: mount -t tracefs nodev /sys/kernel/tracing (needs CONFIG_KPROBE_EVENTS, kernel 3.10 or later)"
[ ! -d "$TRACING/instances/tracereplay" ] || die "the instance tracereplay exists: another capture is running, or was killed (rmdir $TRACING/instances/tracereplay)"
[ ! -d "$TRACING/events/$GROUP" ] || die "probes of the group $GROUP exist already: remove them first (sed -n 's|^[pr][0-9]*:|-:|p' kprobe_events lists them)"

[ -n "$OUT" ] || OUT=tracereplay-capture-$(date +%Y%m%d-%H%M%S)
[ ! -e "$OUT" ] || die "$OUT exists already: give another folder with -o"
mkdir "$OUT" || die "cannot make the folder $OUT"
free_kb=$(df -Pk "$OUT" 2> /dev/null | awk 'NR == 2 { print $4 }')
case $free_kb in
    '' | *[!0-9]*) ;;
    *) if [ "$free_kb" -lt $((MOST_MIB * 1024 / 4 + 10240)) ]; then
           rmdir "$OUT"
           die "only $((free_kb / 1024)) MiB are free for $OUT: give another folder with -o, or less with -m"
       fi ;;
esac

# 6.1.192-2 becomes 6001: major and minor decide which arguments the functions have.
old_ifs=$IFS
IFS=.-+_
# shellcheck disable=SC2086
set -- $KERNEL
IFS=$old_ifs
case ${1:-} in '' | *[!0-9]*) die "the kernel version '$KERNEL' cannot be read" ;; esac
case ${2:-} in '' | *[!0-9]*) die "the kernel version '$KERNEL' cannot be read" ;; esac
VERSION=$(($1 * 1000 + $2))
# 2.6.x and older: the third number is the one that counts, and no function there is known.
[ "$1" -ge 3 ] || VERSION=0
case $KERNEL in
    *.el[0-9]* | *uek* | *-default) say "note: this distribution backports; if the trace looks wrong, arguments may stand in other places" ;;
esac

# Leaving everything as it was ------------------------------------------------------------------------------------------------

put() { printf '%s\n' "$2" 2> /dev/null > "$1"; } 2> /dev/null
add() { printf '%s\n' "$2" 2> /dev/null >> "$1"; } 2> /dev/null

clean() {
    trap '' INT TERM HUP
    if [ -n "$INSTANCE" ] && [ -d "$INSTANCE" ]; then
        put "$INSTANCE/tracing_on" 0
        [ ! -e "$INSTANCE/events/enable" ] || put "$INSTANCE/events/enable" 0
    fi
    if [ -n "$READER" ]; then
        kill "$READER" 2> /dev/null
        wait "$READER" 2> /dev/null
        READER=
    fi
    if [ -n "$WRITER" ]; then
        wait "$WRITER" 2> /dev/null
        WRITER=
    fi
    rm -f "$OUT/.pipe"
    # The kernel refuses to remove an instance that is being read, and a probe that is enabled: in this order, and again.
    if [ "$CREATED" = 1 ]; then
        rmdir "$INSTANCE" 2> /dev/null || { sleep 1; rmdir "$INSTANCE" 2> /dev/null; } || say "could not remove $INSTANCE: rmdir it by hand"
        CREATED=0
    fi
    for name in $PROBES; do
        add "$TRACING/kprobe_events" "-:$name" || say "could not remove the probe $name: echo '-:$name' >> $TRACING/kprobe_events"
    done
    PROBES=
}
PROBES=
trap clean EXIT
trap 'STOP=1' INT TERM HUP

# The probes -----------------------------------------------------------------------------------------------------------------

known() { grep -q "[[:space:]]$1\$" "$ROOT/proc/kallsyms" 2> /dev/null; }

# Adds one definition; a return probe without the number of its instances where the kernel does not take it.
probe() {
    name=${1%% *}
    name=${name#*:}
    if add "$TRACING/kprobe_events" "$1"; then
        PROBES="$name $PROBES"
    elif [ "${1#r64:}" != "$1" ] && add "$TRACING/kprobe_events" "r:${1#r64:}"; then
        PROBES="$name $PROBES"
    else
        say "the kernel refuses the probe $name"
        printf '%s\n' "refused: $1" >> "$OUT/notes.txt"
        return 1
    fi
}

# One line for each probe of a kind of pool, with the registers of this machine.
definitions() {
    case $1.$MACHINE in
@PROBES@
    esac
}

add_probes() {
    definitions "$1" > "$OUT/.probes"
    if [ ! -s "$OUT/.probes" ]; then
        say "no probes are known for $1 on $MACHINE with kernel $KERNEL: only counters, events and the kernel log are recorded"
        printf '%s\n' "no probes: $1 on $MACHINE, kernel $KERNEL" >> "$OUT/notes.txt"
    fi
    while IFS= read -r line; do
        case $line in
            *" __swiotlb_tbl_unmap_single "*)
                known __swiotlb_tbl_unmap_single || line=$(printf '%s\n' "$line" | sed 's/ __swiotlb_tbl_unmap_single / swiotlb_tbl_unmap_single /') ;;
            *" swiotlb_tbl_unmap_single "*)
                ! known __swiotlb_tbl_unmap_single || line=$(printf '%s\n' "$line" | sed 's/ swiotlb_tbl_unmap_single / __swiotlb_tbl_unmap_single /') ;;
        esac
        probe "$line"
    done < "$OUT/.probes"
    rm -f "$OUT/.probes"
}

# Geometry of the default pool, read from kernel memory by a probe on sync(2) that fires once. The places of the fields depend on
# how the kernel was built, so what is read is used only where it agrees with itself and with the pool's own counters.
fire() {
    add "$TRACING/kprobe_events" "$1" || return 1
    put "$INSTANCE/trace" ''
    put "$INSTANCE/events/$GROUP/$2/enable" 1
    put "$INSTANCE/tracing_on" 1
    sync
    put "$INSTANCE/tracing_on" 0
    put "$INSTANCE/events/$GROUP/$2/enable" 0
    grep " $2: (ksys_sync" "$INSTANCE/trace" > "$3" 2> /dev/null
    put "$INSTANCE/trace" ''
    add "$TRACING/kprobe_events" "-:$GROUP/$2"
}

read_pool() {
    slots=$(cat "$SWIOTLB/io_tlb_nslabs" 2> /dev/null)
    case $slots in '' | 0 | *[!0-9]*) return ;; esac
    known io_tlb_default_mem && known ksys_sync || return
    for places in "nareas=@io_tlb_default_mem+52:u32 area_nslabs=@io_tlb_default_mem+56:u32 force=@io_tlb_default_mem+49:u8 64" \
        "nareas=@io_tlb_default_mem+36:u32 area_nslabs=@io_tlb_default_mem+40:u32 force=@io_tlb_default_mem+80:u8 48"; do
        definition="p:$GROUP/pool ksys_sync start=@io_tlb_default_mem:x64 end=@io_tlb_default_mem+8:x64 nslabs=@io_tlb_default_mem+24:u64 ${places% *}"
        fire "$definition" pool "$OUT/pool.txt" || continue
        # start, end, slots, areas, slots of an area
        numbers=$(sed -n '$s/.*start=\(0x[0-9a-f]*\) end=\(0x[0-9a-f]*\) nslabs=\([0-9]*\) nareas=\([0-9]*\) area_nslabs=\([0-9]*\).*/\1 \2 \3 \4 \5/p' "$OUT/pool.txt")
        # shellcheck disable=SC2086
        set -- $numbers
        if [ $# = 5 ] && [ "$3" -le "$slots" ] && [ "$4" -gt 0 ] && [ $(($4 * $5)) = "$3" ] && [ $(($2 - $1)) = $(($3 * 2048)) ]; then
            printf '%s\n' "$definition" > "$OUT/.pool"
            check_areas "$4" "$5" "${places##* }"
            return
        fi
    done
    rm -f "$OUT/pool.txt"
    say "the pool's place in memory cannot be read on this kernel; the boot lines in the kernel log must tell it"
}

# Use and next index of each area, fetched at every mapping: with them the replay is exact. Fetched only where what is read adds up
# to the pool's own counter, give or take what other CPUs do meanwhile.
# shellcheck disable=SC2034
AREA_FIELDS=
check_areas() {
    [ "$1" -le 16 ] && [ -e "$SWIOTLB/io_tlb_used" ] || return
    fields=
    number=0
    while [ "$number" -lt "$1" ]; do
        fields="$fields a${number}u=+$((number * 16))(@io_tlb_default_mem+$3):u32 a${number}i=+$((number * 16 + 8))(@io_tlb_default_mem+$3):u32"
        number=$((number + 1))
    done
    before=$(cat "$SWIOTLB/io_tlb_used")
    fire "p:$GROUP/areas ksys_sync$fields" areas "$OUT/.areas" || return
    after=$(cat "$SWIOTLB/io_tlb_used")
    # shellcheck disable=SC2046
    set -- "$1" "$2" $(sed -n '$s/.*) \(a0u=.*\)/\1/p' "$OUT/.areas" | sed 's/a[0-9]*[ui]=//g')
    rm -f "$OUT/.areas"
    number=$1
    slots=$2
    shift 2
    [ $# = $((number * 2)) ] || return
    sum=0
    while [ $# -ge 2 ]; do
        [ "$1" -le "$slots" ] && [ "$2" -le "$slots" ] || return
        sum=$((sum + $1))
        shift 2
    done
    slack=$((before > after ? before - after : after - before))
    slack=$((slack + 64))
    if [ "$sum" -ge $((before - slack)) ] && [ "$sum" -le $((before + slack)) ]; then
        # shellcheck disable=SC2034
        AREA_FIELDS=$fields
    fi
}

# What stands beside the trace -------------------------------------------------------------------------------------------------

values() {
    for file in "$@"; do
        [ ! -f "$file" ] || [ ! -r "$file" ] || printf '%s=%s\n' "${file#"$ROOT"}" "$(head -n 1 "$file" 2> /dev/null)"
    done
}

copy() { [ ! -r "$ROOT$1" ] || cat "$ROOT$1" > "$OUT/$2" 2> /dev/null; }

inventory() {
    uname -a > "$OUT/uname.txt"
    copy /proc/version version.txt
    copy /proc/cmdline cmdline.txt
    copy /proc/iomem iomem.txt
    copy /proc/meminfo meminfo.txt
    copy /proc/modules lsmod.txt
    grep -c '^processor' "$ROOT/proc/cpuinfo" > "$OUT/nproc.txt" 2> /dev/null
    [ "$(cat "$OUT/nproc.txt" 2> /dev/null)" != 0 ] || rm -f "$OUT/nproc.txt"
    for device in "$ROOT"/sys/bus/pci/devices/*; do
        [ -e "$device/vendor" ] || continue
        driver=$(readlink "$device/driver" 2> /dev/null)
        printf '%s %s:%s class=%s driver=%s dma_mask_bits=%s consistent=%s\n' "${device##*/}" "$(cat "$device/vendor")" \
            "$(cat "$device/device" 2> /dev/null)" "$(cat "$device/class" 2> /dev/null)" "${driver##*/}" \
            "$(cat "$device/dma_mask_bits" 2> /dev/null)" "$(cat "$device/consistent_dma_mask_bits" 2> /dev/null)"
    done > "$OUT/pci-dma-masks.txt"
    for disk in "$ROOT"/sys/block/*; do
        [ -e "$disk/device" ] || continue
        place=$(readlink -f "$disk/device" 2> /dev/null)
        printf '%s dev=%s max_sectors_kb=%s max_hw_sectors_kb=%s max_segments=%s max_segment_size=%s nr_requests=%s sched=%s qd=%s\n' \
            "${disk##*/}" "${place#"$ROOT"}" "$(cat "$disk/queue/max_sectors_kb" 2> /dev/null)" "$(cat "$disk/queue/max_hw_sectors_kb" 2> /dev/null)" \
            "$(cat "$disk/queue/max_segments" 2> /dev/null)" "$(cat "$disk/queue/max_segment_size" 2> /dev/null)" \
            "$(cat "$disk/queue/nr_requests" 2> /dev/null)" "$(cat "$disk/queue/scheduler" 2> /dev/null)" "$(cat "$disk/device/queue_depth" 2> /dev/null)"
    done > "$OUT/block-queues.txt"
    [ -s "$OUT/pci-dma-masks.txt" ] || rm -f "$OUT/pci-dma-masks.txt"
    [ -s "$OUT/block-queues.txt" ] || rm -f "$OUT/block-queues.txt"
    if command -v lsscsi > /dev/null 2>&1 && [ -z "$ROOT" ]; then
        lsscsi -L > "$OUT/lsscsi.txt" 2> /dev/null || rm -f "$OUT/lsscsi.txt"
    fi
    if [ "$NEED_TCE" = 1 ]; then
        values "$ROOT"/sys/kernel/debug/iommu/*/* > "$OUT/tce-debugfs.txt"
        [ -s "$OUT/tce-debugfs.txt" ] || rm -f "$OUT/tce-debugfs.txt"
    fi
}

kernel_log() {
    dmesg > "$OUT/dmesg.txt" 2> /dev/null || rm -f "$OUT/dmesg.txt"
    # The boot lines tell the pool's size and place; where the ring buffer has turned over, the journal may have them.
    if ! grep -q 'Linux version' "$OUT/dmesg.txt" 2> /dev/null && command -v journalctl > /dev/null 2>&1 && [ -z "$ROOT" ]; then
        journalctl -k -b 0 -o short-monotonic --no-pager > "$OUT/journal.txt" 2> /dev/null || rm -f "$OUT/journal.txt"
    fi
}

ring_stats() {
    for folder in "$INSTANCE"/per_cpu/cpu*; do
        [ -e "$folder/stats" ] || continue
        printf '%s %s\n' "${folder##*/}" "$(grep -E '^(entries|overrun|commit overrun|dropped events)' "$folder/stats" | tr '\n' ' ')"
    done > "$OUT/ring-stats.txt"
}

sample() {
    read -r uptime rest < "$ROOT/proc/uptime"
    : "$rest"
    if [ -e "$SWIOTLB/io_tlb_used" ]; then
        used=$(cat "$SWIOTLB/io_tlb_used")
        printf '%s,%s,%s,%s\n' "$uptime" "$(cat "$SWIOTLB/io_tlb_nslabs")" "$used" "$(cat "$SWIOTLB/io_tlb_used_hiwater" 2> /dev/null)" >> "$OUT/swiotlb-samples.csv"
        put "$INSTANCE/trace_marker" "swiotlb_sample uptime=$uptime used=$used"
    else
        put "$INSTANCE/trace_marker" "swiotlb_sample uptime=$uptime"
    fi
}

switch_on() {
    [ -e "$INSTANCE/events/$1/enable" ] || return 0
    put "$INSTANCE/events/$1/enable" 1 || return 0
    EVENTS="$EVENTS $1"
}

formats() {
    for event in $EVENTS; do
        for file in "$TRACING/events/$event/format" "$TRACING/events/$event"/*/format; do
            [ -r "$file" ] || continue
            name=${file#"$TRACING/events/"}
            mkdir -p "$OUT/formats/${name%/*/format}"
            cat "$file" > "$OUT/formats/${name%/format}.format"
        done
    done
}

# The work ---------------------------------------------------------------------------------------------------------------------

SWIOTLB=$ROOT/sys/kernel/debug/swiotlb
NEED_TCE=0
KINDS=
case $WANT in
    auto)
        case $MACHINE in ppc64*) KINDS="$KINDS tce" ;; esac
        case $(cat "$SWIOTLB/io_tlb_nslabs" 2> /dev/null) in '' | 0) ;; *) KINDS="$KINDS swiotlb" ;; esac
        grep -q '^DMA' "$ROOT"/sys/kernel/iommu_groups/*/type 2> /dev/null && KINDS="$KINDS iova"
        [ -n "$KINDS" ] || KINDS=swiotlb ;;
    *) KINDS=$WANT ;;
esac
case $KINDS in *tce*) NEED_TCE=1 ;; esac
say "recording$KINDS for $DURATION s into $OUT (Ctrl-C ends it early and keeps it)"

INSTANCE=$TRACING/instances/tracereplay
mkdir "$INSTANCE" || die "the kernel refuses a tracing instance"
CREATED=1
put "$INSTANCE/tracing_on" 0
put "$INSTANCE/buffer_size_kb" "$BUFFER_KB" || say "the ring buffer keeps its usual size"
inventory
case $KINDS in *swiotlb*)
    read_pool
    values "$SWIOTLB"/io_tlb_* > "$OUT/swiotlb-debugfs-start.txt"
    [ -s "$OUT/swiotlb-debugfs-start.txt" ] || { rm -f "$OUT/swiotlb-debugfs-start.txt"; say "no /sys/kernel/debug/swiotlb: mount -t debugfs nodev /sys/kernel/debug gives the counters (kernel 5.4 and later)"; }
    [ ! -e "$SWIOTLB/io_tlb_used" ] || echo 'uptime_s,io_tlb_nslabs,io_tlb_used,io_tlb_used_hiwater' > "$OUT/swiotlb-samples.csv" ;;
esac
for kind in $KINDS; do
    add_probes "$kind"
done
# As the kernel took them, without those of others; then the one that read the pool and is gone already.
grep "^[pr][0-9]*:$GROUP/" "$TRACING/kprobe_events" > "$OUT/kprobe_events.txt"
if [ -e "$OUT/.pool" ]; then
    cat "$OUT/.pool" >> "$OUT/kprobe_events.txt"
    rm -f "$OUT/.pool"
fi
[ -s "$OUT/kprobe_events.txt" ] || rm -f "$OUT/kprobe_events.txt"

EVENTS=
for event in $GROUP dma swiotlb scsi/scsi_dispatch_cmd_start scsi/scsi_dispatch_cmd_done scsi/scsi_dispatch_cmd_error \
    block/block_rq_issue block/block_rq_complete; do
    switch_on "$event"
done
case $KINDS in *iova*)
    switch_on iommu/map
    switch_on iommu/unmap ;;
esac
formats
cat "$INSTANCE/trace_clock" > "$OUT/trace_clock.txt" 2> /dev/null

most=$((MOST_MIB * 1048576))
mkfifo "$OUT/.pipe" || die "cannot make a pipe in $OUT"
if command -v gzip > /dev/null 2>&1; then
    { head -c "$most" | gzip -1 -c > "$OUT/trace.txt.gz"; } < "$OUT/.pipe" &
else
    head -c "$most" > "$OUT/trace.txt" < "$OUT/.pipe" &
fi
WRITER=$!
cat "$INSTANCE/trace_pipe" > "$OUT/.pipe" 2> /dev/null &
READER=$!
put "$INSTANCE/tracing_on" 1

elapsed=0
sample
while [ "$elapsed" -lt "$DURATION" ] && [ "$STOP" = 0 ]; do
    sleep "$INTERVAL"
    elapsed=$((elapsed + INTERVAL))
    sample
    kill -0 "$WRITER" 2> /dev/null || { say "the trace has reached $MOST_MIB MiB (-m)"; break; }
done

put "$INSTANCE/tracing_on" 0
case $KINDS in *swiotlb*) [ ! -e "$OUT/swiotlb-debugfs-start.txt" ] || values "$SWIOTLB"/io_tlb_* > "$OUT/swiotlb-debugfs-end.txt" ;; esac
ring_stats
kernel_log
# What is still in the ring buffers is on its way to the reader.
sleep 1
clean
say "done: tracereplay analyze $OUT"
say "to send it: tar czf $OUT.tar.gz $OUT"
