#!/usr/bin/env bash
# Makes the virtual environment that the engine, the tests and the demo run in.
# Usage: tools/setup/engine.sh PYTHON VENV [auto|cpu|cuda]
set -euo pipefail
python=${1:-/usr/bin/python3}
venv=${2:-.venv}
build=${3:-auto}
torch_version=2.13.0
cpu_index=https://download.pytorch.org/whl/cpu

# With the system's packages visible, so that GDAL, numpy and PyQGIS are those of QGIS.
[ -x "$venv/bin/python" ] || "$python" -m venv --system-site-packages "$venv"
pip=("$venv/bin/python" -m pip --disable-pip-version-check)

# A newer numpy would no longer match the libraries that QGIS brings, so it stays as it is.
constraints="$venv/constraints.txt"
"$python" -c 'import numpy; print("numpy==" + numpy.__version__)' >"$constraints"

if [ "$build" = auto ]; then
    build=cpu
    if command -v nvidia-smi >/dev/null && nvidia-smi -L 2>/dev/null | grep -q GPU; then build=cuda; fi
fi

has_torch() { "$venv/bin/python" -c 'import torch' 2>/dev/null; }

install_into() { "${pip[@]}" install --quiet --constraint "$constraints" "$@"; }

if ! has_torch; then
    echo "Installing PyTorch ($build)"
    if [ "$build" = cpu ]; then
        # The version without its +cpu mark would be the one with several gigabytes of CUDA libraries.
        install_into "torch==$torch_version+cpu" 2>/dev/null ||
            install_into --retries 1 --timeout 15 --extra-index-url "$cpu_index" "torch==$torch_version+cpu" 2>/dev/null ||
            install_into --retries 1 --timeout 15 --index-url "$cpu_index" torch 2>/dev/null ||
            { echo "No build for the processor alone within reach; the one with CUDA serves as well, but several gigabytes are loaded now: this takes minutes." >&2
              install_into "torch==$torch_version" 2>/dev/null || install_into torch; }
    else
        install_into "torch==$torch_version" 2>/dev/null || install_into torch
    fi
fi

echo "Installing the engine and the tools for development"
"${pip[@]}" install --quiet --constraint "$constraints" --editable ".[dev,cluster]"

# Unwraps better than the built-in way, but has no build for every Python and platform: nothing depends on it.
install_into --only-binary :all: "whirlwind-insar>=0.10,<1" 2>/dev/null ||
    echo "whirlwind-insar has no build for this Python: phases are unwrapped by the built-in way."

"$venv/bin/python" - <<'PYTHON'
import numpy, osgeo.gdal, torch  # noqa: E401
from stillpoint.models import __version__

if float(torch.ones(3).sum()) != 3.0:
    raise SystemExit("PyTorch is installed but does not compute.")
print(f"Stillpoint {__version__}: torch {torch.__version__}, GDAL {osgeo.gdal.__version__}, numpy {numpy.__version__}")
PYTHON
