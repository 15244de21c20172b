#!/usr/bin/env bash
# Measures the local stack (Linux): time from the command to a 200 on the shop's home page, and memory at rest as proportional set size.
# Usage: bench/stack.sh [rounds, default 3]. Needs port 8080 and the dashboard's ports free, and one start behind it (everything fetched and built).
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-3}
marker="ODDGRAIN_BENCH=$$"

ours() { grep -lsz "^$marker\$" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3; }

dotnet build AppHost --nologo --verbosity quiet
for round in $(seq "$rounds"); do
  start=$(date +%s.%N)
  env "$marker" dotnet run --no-build --project AppHost >/tmp/oddgrain-bench.log 2>&1 &
  host=$!
  until curl --silent --fail --max-time 5 --output /dev/null http://localhost:8080/; do
    kill -0 "$host" 2>/dev/null || { cat /tmp/oddgrain-bench.log; exit 1; }
    sleep 0.1
  done
  ready=$(date +%s.%N)
  sleep 30
  total=0
  rows=""
  for pid in $(ours); do
    kb=$(awk '/^Pss:/ { print $2 }' "/proc/$pid/smaps_rollup" 2>/dev/null || true)
    [ -n "$kb" ] || continue
    total=$((total + kb))
    rows+="$kb $(tr '\0' ' ' <"/proc/$pid/cmdline" | awk '{ n = split($1, a, "/"); m = split($2, b, "/"); print a[n], b[m] }')"$'\n'
  done
  stopping=$(date +%s.%N)
  kill -TERM "$(pgrep -P "$host" | head -n 1 || echo "$host")" 2>/dev/null || true
  wait "$host" || true
  stopped=$(date +%s.%N)
  awk -v r="$round" -v s="$start" -v u="$ready" -v m="$total" -v t="$stopping" -v d="$stopped" \
    'BEGIN { printf "round %d: home page after %.1f s, memory at rest %.0f MB (PSS), stopped in %.1f s\n", r, u - s, m / 1024, d - t }'
  [ "$round" -lt "$rounds" ] || printf '%s' "$rows" | sort -rn | awk '{ kb = $1; $1 = ""; printf "%6.0f MB %s\n", kb / 1024, $0 }' | head -n 20
done
