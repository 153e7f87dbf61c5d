#!/usr/bin/env bash
# Makes a folder with a small Debian of its own that holds one version of QGIS, and what the tests need.
# Usage: tools/matrix/suite.sh 3.22|3.40|3.44 [FOLDER]        as root; some 3 GB each
#
# QGIS    Debian                     torch
# 3.22    bookworm                   from PyPI, as `make setup` installs it
# 3.40    trixie                     Debian's 2.6
# 3.44    forky                      Debian's 2.14
set -euo pipefail
version=${1:?which QGIS: 3.22, 3.40 or 3.44}
folder=${2:-${MATRIX:-/var/tmp/stillpoint-matrix}/$version}
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)

# PyPI brings what the suite does not have; names as pip knows them.
pip=()
archive=(python3-h5py python3-scipy python3-pytest python3-pytestqt python3-pytest-timeout python3-hypothesis)
case $version in
    3.22) suite=bookworm script=bookworm
          archive=(python3-scipy)
          pip=("torch==2.13.0" safetensors h5py "pyarrow>=12,<25" pytest pytest-qt pytest-timeout hypothesis) ;;
    3.40) suite=trixie script=trixie
          archive+=(python3-torch python3-safetensors python3-distributed)
          pip=("pyarrow>=18,<25") ;;
    3.44) suite=forky script=sid  # debootstrap of older systems does not know forky's name
          archive+=(python3-torch python3-safetensors python3-distributed python3-pyarrow) ;;
    *) echo "No suite is known for QGIS $version; known are 3.22, 3.40 and 3.44." >&2; exit 2 ;;
esac

if [ -f "$folder/.complete" ] && [ "$folder/.complete" -nt "${BASH_SOURCE[0]}" ]; then
    echo "QGIS $version is in $folder."
    exit 0
fi
[ "$(id -u)" -eq 0 ] || { echo "Making a Debian in a folder needs root." >&2; exit 1; }
command -v debootstrap >/dev/null || { apt-get update -qq; apt-get install -y -qq --no-install-recommends debootstrap; }
free=$(df --output=avail -BG "$(dirname "$(dirname "$folder")")" | tail -n 1 | tr -dc 0-9)
[ "$free" -ge 8 ] || { echo "Only $free GB are free where $folder is to be; 8 are needed." >&2; exit 1; }

mkdir -p "$folder"
if [ ! -f "$folder/.bootstrapped" ]; then
    rm -rf "${folder:?}"/*
    debootstrap --variant=minbase "$suite" "$folder" "$mirror" "/usr/share/debootstrap/scripts/$script"
    touch "$folder/.bootstrapped"
fi
# A mirror that rests for some weeks serves as well: its signatures are still checked.
printf 'APT::Install-Recommends "false";\nAcquire::Check-Valid-Until "false";\nDPkg::Options { "--force-unsafe-io"; };\n' >"$folder/etc/apt/apt.conf.d/90matrix"
printf 'path-exclude=/usr/share/doc/*\npath-exclude=/usr/share/man/*\npath-exclude=/usr/share/locale/*\n' \
    >"$folder/etc/dpkg/dpkg.cfg.d/90matrix"
printf '#!/bin/sh\nexit 101\n' >"$folder/usr/sbin/policy-rc.d"  # no service is started
chmod 755 "$folder/usr/sbin/policy-rc.d"

inside() { "$root/tools/matrix/inside.sh" "$folder" "$@"; }
export DEBIAN_FRONTEND=noninteractive
inside apt-get update -qq
inside apt-get install -y -qq qgis python3-qgis python3-gdal python3-numpy libopenblas0 python3-venv python3-pip python3-setuptools \
    fonts-dejavu-core xvfb xauth make git ca-certificates "${archive[@]}"
inside python3 -m venv --system-site-packages /venv
if [ ${#pip[@]} -gt 0 ]; then
    inside sh -c 'python3 -c "import numpy; print(\"numpy==\" + numpy.__version__)" >/venv/constraints.txt'
    inside /venv/bin/pip install --quiet --constraint /venv/constraints.txt "${pip[@]}"
fi
rm -rf "$folder"/var/cache/apt/archives/*.deb
inside /venv/bin/python -c 'from qgis.core import Qgis; import torch, numpy; print(Qgis.version(), torch.__version__, numpy.__version__)'
touch "$folder/.complete"
