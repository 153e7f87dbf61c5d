"""What a user can get wrong: each ends in a sentence that names the file, and leaves nothing behind."""

from __future__ import annotations

import numpy as np
import pytest

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import OpenStack
from stillpoint.models.points.places import projection_of
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.opening import open_stack_job
from stillpoint.models.rasters.stack import grid_spacing, open_stack
from tests.models.rasters import makers
from tests.models.rasters.makers import DATES, REFERENCE


def run(sources, tmp_path, output="out.vrt", progress=SILENT, **options):
    sources = [str(source) for source in (sources if isinstance(sources, list) else [sources])]
    return open_stack_job(OpenStack(sources=sources, output=str(tmp_path / output), **options), progress)


def refused(sources, tmp_path, match, **options):
    before = set(tmp_path.rglob("*"))
    with pytest.raises(StillpointError, match=match) as caught:
        run(sources, tmp_path, **options)
    assert set(tmp_path.rglob("*")) == before  # nothing half-written
    return str(caught.value)


@pytest.fixture
def product(tmp_path):
    """Phase images of four pairs, all well."""
    for date in DATES:
        makers.tif(tmp_path / "p" / f"{REFERENCE}_{date}_phase.tif", makers.phase(int(date)))
    return tmp_path / "p"


ODD = f"{REFERENCE}_20180304_phase.tif"


def test_one_file_of_another_size(product, tmp_path):
    makers.tif(product / ODD, makers.phase(1, (20, 30)), transform=None)
    refused(product, tmp_path, rf"{ODD} does not fit the other files: it has no coordinates")


def test_one_file_of_another_size_without_coordinates(tmp_path):
    for date in DATES:
        makers.tif(tmp_path / "p" / f"{REFERENCE}_{date}_phase.tif", makers.phase(1), transform=None, code=None)
    makers.tif(tmp_path / "p" / ODD, makers.phase(1, (20, 30)), transform=None, code=None)
    refused(tmp_path / "p", tmp_path, rf"{ODD} does not fit.*20 x 30 pixels, the others 12 x 9")


def test_one_file_on_a_shifted_grid(product, tmp_path):
    makers.tif(product / ODD, makers.phase(1), transform=(500007.0, 20.0, 0.0, 4000000.0, 0.0, -20.0))
    refused(product, tmp_path, rf"{ODD} does not fit.*lie between.*gdalwarp")


def test_one_file_with_other_pixels(product, tmp_path):
    makers.tif(product / ODD, makers.phase(1), transform=(500000.0, 40.0, 0.0, 4000000.0, 0.0, -40.0))
    refused(product, tmp_path, rf"{ODD} does not fit.*pixels are 40 x 40")


def test_one_file_in_another_crs(product, tmp_path):
    makers.tif(product / ODD, makers.phase(1), code=32614)
    refused(product, tmp_path, rf"{ODD} does not fit.*UTM zone 14N.*UTM zone 13N")


def test_files_of_different_places(product, tmp_path):
    makers.tif(product / ODD, makers.phase(1), transform=(900000.0, 20.0, 0.0, 4000000.0, 0.0, -20.0))
    refused(product, tmp_path, "no part in common")


def test_names_without_dates(tmp_path):
    for number in range(3):
        makers.tif(tmp_path / "p" / f"ifg_{number}.tif", makers.phase(1))
    refused(tmp_path / "p", tmp_path, r"holds a date \(ifg_0.tif.*YYYYMMDD")


def test_complex_among_phase(product, tmp_path):
    makers.tif(product / ODD, makers.complex_image(1))
    refused(product, tmp_path, rf"{ODD} holds complex numbers.*cannot share a stack")


@pytest.mark.parametrize("keep", [0, 100, 0.6])
def test_truncated_geotiff(product, tmp_path, keep):
    path = makers.tif(product / ODD, makers.phase(1))
    data = path.read_bytes()
    path.write_bytes(data[: keep if isinstance(keep, int) else int(keep * len(data))])
    refused(product, tmp_path, rf"{ODD}.*(damaged|truncated|empty)")


def test_truncated_raw_file(tmp_path):
    folder = makers.snap_stamps(tmp_path / "INSAR")
    path = folder / "diff0" / f"{REFERENCE}_{DATES[1]}.diff"
    path.write_bytes(path.read_bytes()[:-100])
    refused(folder, tmp_path, rf"{path.name} has 764 bytes, but 12 lines of 9 samples need 864: the file is truncated")


def test_truncated_hdf5(tmp_path):
    pytest.importorskip("h5py")
    path = makers.mintpy_ifgrams(tmp_path / "ifgramStack.h5")
    path.write_bytes(path.read_bytes()[:3000])
    refused(path, tmp_path, r"ifgramStack.h5 cannot be read as HDF5.*truncated")


def test_the_same_pair_twice(product, tmp_path):
    makers.tif(product / f"{DATES[0]}_{REFERENCE}_phase.tif", makers.phase(1))
    refused(product, tmp_path, rf"{DATES[0]}_{REFERENCE}_phase.tif and .*{REFERENCE}_{DATES[0]}_phase.tif have the same dates")


def test_empty_folder_and_folder_without_rasters(tmp_path):
    (tmp_path / "p").mkdir()
    refused(tmp_path / "p", tmp_path, "empty folder")
    (tmp_path / "p" / "x.csv").write_text("a,b\n1,2\n")
    refused(tmp_path / "p", tmp_path, r"no raster images.*\.csv")
    refused(tmp_path / "nowhere", tmp_path, "no file or folder .*nowhere")


def test_all_nan_bands(product, tmp_path):
    empty = np.full((makers.ROWS, makers.COLS), np.nan, "f4")
    makers.tif(product / ODD, empty)
    result = run(product, tmp_path)
    assert any(f"1 of 5 images hold no valid pixel ({ODD})" in warning for warning in result.warnings)
    assert result.details["bands"][-1]["missing"] == 1.0
    for path in product.iterdir():
        makers.tif(path, empty)
    with pytest.raises(StillpointError, match="hold no valid pixel"):
        run(product, tmp_path, output="second.vrt")


def test_integer_phase_of_no_known_unit(tmp_path):
    for date in DATES:
        makers.tif(tmp_path / "p" / f"{REFERENCE}_{date}_phase.tif", np.round(makers.phase(1) * 777).astype("i2"))
    refused(tmp_path / "p", tmp_path, r"integers from -\d+ to \d+, and nothing tells how they become radians.*gdal_edit")


def test_quantity_that_is_not_there(product, tmp_path):
    refused(product, tmp_path, "holds no coherence; it holds phase", quantity="coherence")


def test_format_that_it_is_not(product, tmp_path):
    refused(product, tmp_path, "is no product of the format gamma", format="gamma")


def test_raw_images_without_parameters(tmp_path):
    makers.big_endian(tmp_path / "p" / f"{REFERENCE}_{DATES[0]}.diff", makers.complex_image(1))
    refused(tmp_path / "p", tmp_path, "no raster images|parameter file")


def test_bad_outputs(product, tmp_path):
    refused(product, tmp_path, r"must end in .vrt", output="out.png")
    refused(product, tmp_path, "no folder", output="missing/out.vrt")
    refused(product, tmp_path, "no folder", output="missing/out.tif")
    single = next(product.iterdir())
    refused([single], tmp_path, "is a file that is read", output=f"p/{single.name}")


def test_bands_without_dates(tmp_path):
    path = makers.tif(tmp_path / "many.tif", np.stack([makers.phase(1), makers.phase(2)]))
    refused(path, tmp_path, "Band 1 of .*many.tif tells no date")


def test_cancelled_copy_leaves_nothing(product, tmp_path):
    def stop(fraction, message):
        if message == "Copying":
            asked.append(True)

    asked = []
    before = set(tmp_path.rglob("*"))
    with pytest.raises(Cancelled):
        run(product, tmp_path, output="out.tif", progress=Progress(stop, lambda: bool(asked)))
    assert asked and set(tmp_path.rglob("*")) == before


def test_stack_with_companions_on_another_grid_says_so(tmp_path):
    folder = makers.geotiffs(tmp_path / "p")
    for path in (folder / "amp").iterdir():
        makers.tif(path, np.ones((5, 5), "f4"), transform=(0.0, 7.0, 0.0, 0.0, 0.0, -7.0))
    result = run(folder, tmp_path)
    assert set(open_stack(result.outputs["output"]).companions) == {"coherence"}
    assert any("amplitude images are left out" in note for note in result.warnings)


def test_opening_what_is_no_stack(tmp_path):
    for path, match in ((tmp_path, "folder, not a stack"), (tmp_path / "x.vrt", "no file")):
        with pytest.raises(StillpointError, match=match):
            open_stack(str(path))
    (tmp_path / "text.tif").write_text("no raster")
    with pytest.raises(StillpointError, match="no raster that can be read"):
        open_stack(str(tmp_path / "text.tif"))


def test_file_that_vanishes_or_breaks_after_opening(product, tmp_path):
    result = run(product, tmp_path)
    path = product / f"{REFERENCE}_{DATES[2]}_phase.tif"
    path.write_bytes(path.read_bytes()[:400])
    broken = pytest.raises(StillpointError, match=r"Band 3 .*damaged, truncated or gone")
    with open_stack(result.outputs["output"]) as stack, broken:
        stack.read(slice(None), slice(None))


@pytest.mark.parametrize("given", [b'LOCAL_CS["m\xf2tre"]', 'LOCAL_CS["m\udcf2tre"]'])
def test_a_reference_system_whose_name_is_no_text(given):
    class Damaged:
        def GetProjection(self):
            return given  # what GDAL gives of a header that is no UTF-8

    assert projection_of(Damaged()) == 'LOCAL_CS["m\ufffdtre"]'
    assert grid_spacing((0.0, 10.0, 0.0, 0.0, 0.0, -10.0), projection_of(Damaged()), (8, 9)) is None
