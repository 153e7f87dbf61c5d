#!/usr/bin/env bash
# All checks that need no test run; every one is run, then the status says whether one failed.
# Usage: tools/lint.sh [VENV]
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
venv=${1:-.venv}
status=0
check() {
    local name=$1
    shift
    if output=$("$@" 2>&1); then
        printf '%-16s ok\n' "$name"
    else
        printf '%-16s FAILED\n%s\n' "$name" "$output"
        status=1
    fi
}
# mypy must see the tree under the name of the package, whatever the folder of the clone is called.
mkdir -p build/lint
ln -sfn "$PWD" build/lint/stillpoint

check ruff "$venv/bin/python" -m ruff check .
check mypy env MYPYPATH=build/lint "$venv/bin/python" -m mypy --explicit-package-bases --namespace-packages \
    -p stillpoint.models -p stillpoint.plugin -p stillpoint.ui
check architecture "$venv/bin/python" -m tools.architecture
check package "$venv/bin/python" -m tools.package --output build/lint/stillpoint.zip
exit $status
