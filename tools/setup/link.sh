#!/usr/bin/env bash
# Puts the plugin into the user's QGIS profile: a link to this tree, switched on, with the engine's interpreter set.
# Usage: tools/setup/link.sh PYTHON VENV
set -euo pipefail
python=${1:-/usr/bin/python3}
venv=${2:-.venv}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
stamp="$venv/stamps/link"

# Starting PyQGIS takes a second; a look at the link that an earlier call made takes none.
if [ -f "$stamp" ] && [ "$stamp" -nt "${BASH_SOURCE[0]}" ]; then
    link=$(cat "$stamp")
    [ -n "$link" ] && [ -L "$link" ] && [ "$(cd "$link" 2>/dev/null && pwd -P)" = "$root" ] && exit 0
fi
link=$(QT_QPA_PLATFORM=offscreen "$python" "$root/tools/setup/link.py" "$root" "$root/$venv/bin/python")
mkdir -p "$(dirname "$stamp")"
echo "$link" >"$stamp"
echo "The plugin is in QGIS's profile: $link"
