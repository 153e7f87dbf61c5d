"""Runs in a Python that has dolphin: ``dolphin_inside.py dispersion|similarity ROUNDS FOLDER SLC...``; prints a line of JSON.

The processor seconds of a first run are not told, so that what numba compiles is not counted, nor are the imports.
"""

import json
import os
import sys
import time
from pathlib import Path


def dispersion(files, folder):
    """Select PS as dolphin's workflow does; return the raster of amplitude dispersion."""
    from dolphin import io, ps

    reader = io.VRTStack(files, outfile=folder / "dolphin.vrt")
    result = folder / "dolphin-dispersion.tif"
    ps.create_ps(
        reader=reader, like_filename=files[0], output_file=folder / "dolphin-ps.tif",
        output_amp_mean_file=folder / "dolphin-mean.tif", output_amp_dispersion_file=result, block_shape=(256, 256),
    )
    return result


def similarity(files, folder):
    """Return the raster of the median phase similarity of interferograms with the first date."""
    from dolphin import interferogram
    from dolphin.similarity import create_similarities

    names = []
    for number, file in enumerate(files[1:]):
        made = interferogram.VRTInterferogram(ref_slc=files[0], sec_slc=file, path=folder / f"dolphin-{number}.vrt", write=True)
        names.append(made.path)
    result = folder / "dolphin-similarity.tif"
    result.unlink(missing_ok=True)
    create_similarities(names, output_file=result, num_threads=1, add_overviews=False, block_shape=(256, 256))
    return result


def main():
    """Run once more than there are rounds, and tell the times of these."""
    what, folder = {"dispersion": dispersion, "similarity": similarity}[sys.argv[1]], Path(sys.argv[3])
    files = [Path(name) for name in sys.argv[4:]]
    spent = []
    for _ in range(int(sys.argv[2]) + 1):
        for old in folder.glob("dolphin*"):
            os.remove(old)
        began = time.process_time()
        result = what(files, folder)
        spent.append(time.process_time() - began)
    print(json.dumps({"output": str(result), "cpu_seconds": spent[1:]}))


main()
