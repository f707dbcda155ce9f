#!/bin/sh
# Times oidc-client (Node) and oauthlib (Python) on the inputs of the benches: benches/peers/run.sh
# It installs the pinned versions into a folder of its own under the target folder.
set -eu
cd "$(dirname "$0")/../.."
work="${CARGO_TARGET_DIR:-target}/peers"
mkdir -p "$work/inputs"
cargo run --quiet --profile bench -p benches -- --write-inputs "$work/inputs"
cp benches/peers/package.json benches/peers/time.mjs "$work/"
npm install --silent --no-audit --no-fund --no-package-lock --prefix "$work"
[ -d "$work/python" ] || python3 -m venv "$work/python"
"$work/python/bin/pip" install --quiet --disable-pip-version-check -r benches/peers/requirements.txt
printf '| | input | best ns | |\n|---|---|---:|---|\n'
# The reader alone is no entry of the package, and its sources do not say that they are modules.
node --experimental-detect-module --no-warnings "$work/time.mjs" "$work/inputs"
"$work/python/bin/python" benches/peers/time.py "$work/inputs"
