#!/usr/bin/env bash
# Builds everything and runs every test. Needs the .NET SDK of global.json; what else the tests need is installed from
# Debian packages if it is missing. Usage: tests/run.sh [arguments for dotnet test]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

if ! command -v dotnet > /dev/null; then
    echo "tests/run.sh: the .NET SDK is missing (global.json names the version)" >&2
    exit 1
fi

# Libraries that the program loads for .zst and .xz, with the packages that bring them.
missing=()
has_library() { ldconfig -p 2> /dev/null | grep -q "$1" || /sbin/ldconfig -p 2> /dev/null | grep -q "$1"; }
has_library libzstd.so.1 || missing+=(libzstd1)
has_library liblzma.so.5 || missing+=(liblzma5)
if [ ${#missing[@]} -gt 0 ]; then
    as_root=()
    if [ "$(id -u)" != 0 ]; then
        if ! sudo -n true 2> /dev/null; then
            echo "tests/run.sh: missing packages: ${missing[*]}; install them (apt-get install ${missing[*]}) or run as root" >&2
            exit 1
        fi
        as_root=(sudo -n)
    fi
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" apt-get install -y -qq "${missing[@]}"
fi

# A browser for the tests of `serve`, and a second opinion on the capture script: without them their tests pass over.
wanted=()
command -v chromium > /dev/null || wanted+=(chromium)
command -v shellcheck > /dev/null || wanted+=(shellcheck)
if [ ${#wanted[@]} -gt 0 ]; then
    if [ "$(id -u)" = 0 ]; then as_root=(); else as_root=(sudo -n); fi
    { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq "${wanted[@]}"; } > /dev/null 2>&1 ||
        echo "tests/run.sh: ${wanted[*]} cannot be installed; the tests that need them pass over" >&2
fi

# The long run of what a plain dotnet test does a thousand times.
export TRACEREPLAY_MUTATIONS=${TRACEREPLAY_MUTATIONS:-100000}

# Build once, quietly; the tests then run without building again. Build servers would outlive the run.
dotnet build TraceReplay.sln -c Release -v quiet -clp:ErrorsOnly -nodeReuse:false
results=TestResults/run
rm -rf "$results"
status=0
dotnet test TraceReplay.sln -c Release --no-build --nologo -v quiet \
    --logger "console;verbosity=minimal" --logger trx --results-directory "$results" "$@" || status=$?

# One summary over all test assemblies, from the machine-readable results.
passed=0 failed=0
shopt -s nullglob
for result in "$results"/*.trx; do
    counters=$(grep -o '<Counters [^>]*>' "$result" | head -n 1)
    value() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<< "$counters"; }
    passed=$((passed + $(value passed)))
    failed=$((failed + $(value failed) + $(value error)))
done

if [ "$((passed + failed))" = 0 ]; then
    echo "tests/run.sh: no test ran" >&2
    status=1
elif [ "$failed" -gt 0 ] && [ "$status" = 0 ]; then
    status=1
fi

echo "$passed passed, $failed failed"
exit "$status"
