#!/usr/bin/env bash
# Runs the tests of this tree on the QGIS versions of Debian's suites, each in its own folder, and says how they ended.
# Usage: tools/matrix/run.sh [VERSION...] [-- PYTEST OPTIONS]        VERSION: 3.22, 3.40, 3.44; all where none is named
#
# MATRIX is the folder for the suites (/var/tmp/stillpoint-matrix); each result lies in it as VERSION.txt.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(cd "$here/../.." && pwd -P)
export MATRIX=${MATRIX:-/var/tmp/stillpoint-matrix}
versions=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do versions+=("$1"); shift; done
[ "${1:-}" = -- ] && shift
[ ${#versions[@]} -gt 0 ] || versions=(3.22 3.40 3.44)
mkdir -p "$MATRIX"

status=0
lines=()
for version in "${versions[@]}"; do
    folder=$MATRIX/$version
    echo "== QGIS $version"
    if ! "$here/suite.sh" "$version" "$folder" >"$MATRIX/$version.log" 2>&1; then
        tail -n 5 "$MATRIX/$version.log"
        lines+=("QGIS $version: the suite could not be made, see $MATRIX/$version.log")
        status=1
        continue
    fi
    # What git knows or would add: no environment, no build.
    rm -rf "$folder/stillpoint" && mkdir -p "$folder/stillpoint"
    (cd "$root" && git ls-files -z --cached --others --exclude-standard | xargs -0 sh -c 'for f; do [ ! -e "$f" ] || printf "%s\0" "$f"; done' sh |
        tar --null --files-from=- --create --file=-) | tar --extract --file=- --directory="$folder/stillpoint"
    place=$("$here/inside.sh" "$folder" /venv/bin/python -c 'import site; print(site.getsitepackages()[0])')
    ln -sfn /stillpoint "$folder$place/stillpoint"
    "$here/inside.sh" "$folder" sh -c 'cd /stillpoint && exec /venv/bin/python -m pytest -p no:cacheprovider "$@"' sh "$@" \
        >"$MATRIX/$version.txt" 2>&1 || status=1
    grep -E '^(FAILED|ERROR) ' "$MATRIX/$version.txt" | head -n 40
    facts=$("$here/inside.sh" "$folder" /venv/bin/python -c '
import platform, sys, numpy, torch
from qgis.core import Qgis
from qgis.PyQt.QtCore import qVersion
print(" | ".join((Qgis.QGIS_VERSION.split("-")[0], qVersion(), platform.python_version(), numpy.__version__, torch.__version__)))')
    # A row as docs/versions.md has them: versions, which tests, how they ended, when.
    printf '| %s | %s | %s | %s |\n' "$facts" "${*:-all}" "$(grep -oE '([0-9]+ (passed|failed|skipped|errors?)(, )?)+' "$MATRIX/$version.txt" |
        tail -n 1 | sed 's/, $//')" "$(date +%F)" | tee -a "$MATRIX/results.md"
    lines+=("QGIS $version: $(tail -n 1 "$MATRIX/$version.txt")")
done
printf '%s\n' "${lines[@]}"
exit $status
