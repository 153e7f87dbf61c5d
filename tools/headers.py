"""Brings the headers of model files to the form of this version: ``python -m tools.headers [FILE ...]``.

What a model reads (``input``) is written anew from the room that its network belongs to; the rest of the header and the weights
stay as they are, byte by byte. Without files the shipped models are done, their cards completed (``tools.cards``) and their
checksums written (``tools.checksums``): to be run when a shipped model was made anew.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning.cards import SHIPPED, network_of
from stillpoint.models.learning.headers import KEY, Header, read_contents

from . import cards, checksums


def of_this_version(header: Header) -> Dict[str, Any]:
    """Return what the network of ``header`` reads; raise a StillpointError where no network of this version is meant."""
    from stillpoint.models.interferograms import reads as interferograms
    from stillpoint.models.offsets import reads as offsets
    from stillpoint.models.scatterers import reads as scatterers
    from stillpoint.models.trends import reads as trends

    known: Dict[Tuple[str, str], Callable[[], Dict[str, Any]]] = {
        ("interferograms", "default"): interferograms.of_default,
        ("interferograms", "resnet50"): interferograms.of_resnet50,
        ("scatterers", "default"): scatterers.of_default,
        ("scatterers", "unet"): scatterers.of_published,
        ("scatterers", "cnn_iss"): scatterers.of_published,
        ("scatterers", "clstm_iss"): scatterers.of_published,
        ("trends", "default"): trends.of_default,
        ("trends", "mirmazloumi_cnn"): lambda: trends.of_published(int(header.shape["epochs"])),
        ("trends", "statistical"): trends.of_statistical,
        ("offsets", "default"): offsets.of_default,
        ("offsets", "cc_ressiamnet"): offsets.of_ressiamnet,
    }
    network = network_of(header)
    if not network:
        raise StillpointError(f"No network of this version is called {header.architecture!r}.")
    return known[header.task, network]()


def rewrite(path: Path, header: Header) -> bool:
    """Give the file ``path`` another Stillpoint header; return whether that changed anything. The weights keep every byte."""
    contents = read_contents(path)
    if contents.header == header:
        return False
    with path.open("rb") as stream:
        length = struct.unpack("<Q", stream.read(8))[0]
        form = json.loads(stream.read(length))
        weights = stream.read()
    form["__metadata__"][KEY] = header.to_json()
    text = json.dumps(form, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 8)  # the numbers begin at a multiple of eight
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(struct.pack("<Q", len(text)) + text + weights)
    read_contents(partial)
    os.replace(partial, path)
    return True


def main(arguments: List[str]) -> int:
    """Rewrite the headers and say of which files; return the exit status."""
    paths = [Path(text) for text in arguments] or sorted(SHIPPED.glob("*.safetensors"))
    for path in paths:
        try:
            header = read_contents(path).header
            changed = rewrite(path, replace(header, input=of_this_version(header)))
        except StillpointError as error:
            sys.stderr.write(f"{path.name}: {error}\n")
            return 1
        sys.stdout.write(f"{path.name}: {'rewritten' if changed else 'as it is'}\n")
    if not arguments:
        checksums.write()
        return cards.main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
