#!/usr/bin/env bash
# Runs a command inside a folder that suite.sh made; its mounts end with the command.
# Usage: tools/matrix/inside.sh FOLDER COMMAND...
set -euo pipefail
folder=${1:?which folder}
shift
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
export STILLPOINT_ROOT=$root STILLPOINT_FOLDER=$folder STILLPOINT_REAL=${STILLPOINT_DATA:-$root/../shared/data/real}
# A name space of its own, so that nothing stays mounted whatever happens.
exec unshare --mount --propagation private bash -c '
    set -euo pipefail
    f=$STILLPOINT_FOLDER
    mount -t proc proc "$f/proc"
    mount --rbind /dev "$f/dev"
    mkdir -p "$f/data" "$f/tmp" "$f/root"
    [ ! -d "$STILLPOINT_REAL" ] || { mount --bind "$STILLPOINT_REAL" "$f/data"; mount -o remount,ro,bind "$f/data"; }
    cp -L /etc/resolv.conf "$f/etc/resolv.conf"
    # pip inside sees the same index, wheels and certificates as pip outside.
    for path in /opt/wheels /opt/pypi /opt/pypi-more; do
        [ ! -d "$path" ] || { mkdir -p "$f$path"; mount --bind "$path" "$f$path"; }
    done
    [ ! -f /etc/pip.conf ] || cp -L /etc/pip.conf "$f/etc/pip.conf"
    [ ! -f /etc/ssl/certs/ca-certificates.crt ] || { mkdir -p "$f/etc/ssl/certs"; cp -L /etc/ssl/certs/ca-certificates.crt "$f/etc/ssl/certs/matrix.crt"; }
    keep=(HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TERM=dumb
          DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_CERT=/etc/ssl/certs/matrix.crt PIP_FIND_LINKS=/opt/wheels
          PIP_ROOT_USER_ACTION=ignore STILLPOINT_DATA=/data QT_QPA_PLATFORM=offscreen
          OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1)
    exec env -i "${keep[@]}" chroot "$f" "$@"
' inside "$@"
