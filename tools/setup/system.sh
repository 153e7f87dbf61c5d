#!/usr/bin/env bash
# Installs QGIS and what the tests need from Debian's (or Ubuntu's) archive, where it is missing.
# Usage: tools/setup/system.sh PYTHON
set -euo pipefail
python=${1:-/usr/bin/python3}

# Without libopenblas0 numpy may multiply matrices with the reference BLAS, some ten times slower.
# xvfb and what follows it are for `make screenshots`, which drives a real QGIS window.
packages=(qgis python3-qgis python3-gdal python3-numpy libopenblas0 python3-venv python3-pip fonts-dejavu-core
          xvfb xauth imagemagick xdotool)

serves() { "$python" -c 'import ensurepip, numpy, osgeo.gdal, qgis.core, venv' 2>/dev/null; }

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    if serves; then
        echo "No apt-get here; the QGIS that is installed serves."
        exit 0
    fi
    echo "There is no apt-get on this system, and $python has no QGIS. Install QGIS 3.22 or later with its Python" >&2
    echo "bindings, then run: make setup PYTHON=/path/to/the/python3/that/imports/qgis" >&2
    exit 1
fi

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)

# Debian 12 starts qgis_process with QGIS_OPTS='--noversioncheck', an option for the window that qgis_process takes for
# a command and refuses. The defaults are read by a shell that knows which of the two it starts.
mend_qgis_process() {
    local defaults=/etc/default/qgis
    command -v qgis_process >/dev/null && grep -qsx "QGIS_OPTS='--noversioncheck'" "$defaults" || return 0
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        echo "qgis_process cannot start here because of $defaults; qgis_process.bin does." >&2
        return 0
    fi
    echo "Making $defaults spare qgis_process the option --noversioncheck, which it does not know."
    ${as_root[@]+"${as_root[@]}"} sed -i \
        "s|^QGIS_OPTS='--noversioncheck'\$|case \"\$0\" in *qgis_process) ;; *) QGIS_OPTS='--noversioncheck' ;; esac|" "$defaults"
}

missing=()
for package in "${packages[@]}"; do
    status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
    [ "$status" = "install ok installed" ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
    mend_qgis_process
    echo "QGIS and its companions are installed."
    exit 0
fi

if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    echo "These packages are missing and only root can install them: ${missing[*]}" >&2
    echo "Ask for: apt-get install ${missing[*]}" >&2
    exit 1
fi
echo "Installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
${as_root[@]+"${as_root[@]}"} apt-get update -qq
# Recommended packages would bring GRASS and a few hundred megabytes that nothing here uses.
${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
serves || { echo "QGIS was installed, but $python cannot import it. Is it the system's own Python?" >&2; exit 1; }
mend_qgis_process
