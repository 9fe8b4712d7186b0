#!/usr/bin/env bash
# What CI runs: README's two commands as they stand, on whatever Node the system has, then formatting, lint and types.
set -euo pipefail
cd "$(dirname "$0")/.."

# A world that somebody works in is put aside: the first cluster needs an empty one.
if [ -e .local ]; then
  aside=$(mktemp -d .local-aside-XXXX)
  mv .local "$aside/"
  trap 'rm -rf .local; mv "$aside/.local" .local; rmdir "$aside"' EXIT
fi

command_of() { grep -m1 -xF -- "$1" README.md || { echo "README.md lacks the command: $1" >&2; exit 1; }; }

echo "== $(command_of 'npm ci && npm start')"
log=$(mktemp)
setsid bash -c 'npm ci && npm start' >"$log" 2>&1 &
starter=$!
ended() { echo "$1" >&2; cat "$log" >&2; kill -INT -- "-$starter" 2>/dev/null || true; exit 1; }
for _ in $(seq 600); do
  grep -q 'Slipway is ready' "$log" && break
  kill -0 "$starter" 2>/dev/null || ended 'npm start ended before it was ready:'
  sleep 0.5
done
grep -q 'Slipway is ready' "$log" || ended 'npm start was not ready within 5 minutes:'
# The banner's own lines are the first cluster.
grep -E '^ +curl ' "$log" | head -2 | while read -r line; do
  answer=$(bash -c "$line --fail-with-body -sS") || ended "this line of the banner failed: $line"
  echo "${answer:0:200}"
done
kill -INT -- "-$starter"
for _ in $(seq 60); do kill -0 -- "-$starter" 2>/dev/null || break; sleep 0.5; done
left=$(pgrep -af "$PWD/(local/(host|cloud)/main.ts|node_modules/azurite)" || true)
[ -z "$left" ] || ended "npm start left behind: $left"

echo "== $(command_of 'npm ci && npm test')"
npm ci && npm test

npm run -s lint
npm run -s types
node_modules/.bin/node scripts/test-totals.ts
