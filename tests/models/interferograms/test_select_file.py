from __future__ import annotations

import json
import os
from dataclasses import replace

import numpy as np
import pytest
from osgeo import gdal

from stillpoint.models import cli, dispatch
from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.interferograms.loops import wrap
from stillpoint.models.interferograms.maps import VELOCITIES
from stillpoint.models.interferograms.reading import read_network
from stillpoint.models.jobs import SelectInterferograms
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.bands import Band
from stillpoint.models.rasters.stack import open_stack
from stillpoint.models.rasters.writing import write_stack
from tests.models.interferograms.files import CRS, PLACE, bands_of, rows_of, write_network
from tests.models.interferograms.networks import network

BAD = 9


@pytest.fixture
def spoiled():
    """A network with a turn too much on a third of one interferogram."""
    stack = network(dates=8, noise=0.05)
    phase = stack.phase.copy()
    phase[BAD, :8] += np.float32(2 * np.pi)
    return replace(stack, phase=phase)


def run(folder, stack, **options):
    options = {"method": "loop_closure", "table": str(folder / "table.csv"), **options}
    return dispatch.run(SelectInterferograms(stack=str(stack), **options), SILENT)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_bad_pair_goes_and_all_outputs_say_so(tmp_path, spoiled):
    path = write_network(tmp_path / "stack.tif", spoiled, coherence=tmp_path / "coherence.tif")
    result = run(
        tmp_path, path, output=str(tmp_path / "kept.vrt"), lists=str(tmp_path / "lists"), velocity=str(tmp_path / "velocity.tif")
    )
    rows = rows_of(tmp_path / "table.csv")
    assert [index for index, row in enumerate(rows) if row["keep"] == "0"] == [BAD]
    assert list(rows[0])[:5] == ["reference_date", "secondary_date", "score", "keep", "reason"]
    assert "all of its loops are open" in rows[BAD]["reason"] and float(rows[BAD]["score"]) < 0.5
    assert float(rows[0]["perpendicular_baseline"]) == pytest.approx(spoiled.baselines[0], rel=1e-3)
    assert float(rows[3]["mean_coherence"]) == pytest.approx(0.8, abs=1e-3)
    first, second = spoiled.dates[spoiled.pairs[BAD]]
    assert (rows[BAD]["reference_date"], rows[BAD]["secondary_date"]) == (str(first), str(second))

    with open_stack(path) as whole, open_stack(str(tmp_path / "kept.vrt")) as kept:
        left = [band for index, band in enumerate(whole.bands) if index != BAD]
        assert [band.pair for band in kept.bands] == [band.pair for band in left]
        assert kept.bands[0].perpendicular_baseline == pytest.approx(left[0].perpendicular_baseline)
        assert kept.wavelength == whole.wavelength and kept.quantity == "unwrapped"
        assert os.path.samefile(kept.companions["coherence"], tmp_path / "coherence.tif")
        assert kept.geotransform == whole.geotransform
        window = slice(3, 9), slice(2, 20)
        assert np.array_equal(kept.read(*window), whole.read(*window, [band.number for band in left]))
        provenance = json.loads(kept.metadata["STILLPOINT_PROVENANCE"])
        assert provenance["dropped"] == 1 and provenance["job"]["task"] == "select-interferograms"

    name = f"{str(first).replace('-', '')}_{str(second).replace('-', '')}"
    assert (tmp_path / "lists" / "licsbas_bad_ifg.txt").read_text() == f"{name}\n"
    assert f"excludeDate12   = {name}\n" in (tmp_path / "lists" / "stillpoint_mintpy.cfg").read_text()

    maps = gdal.Open(str(tmp_path / "velocity.tif"))
    assert tuple(maps.GetRasterBand(number).GetDescription() for number in (1, 2, 3)) == VELOCITIES
    everything, kept, change = maps.ReadAsArray()
    assert change == pytest.approx(kept - everything, abs=1e-4)
    truth = -0.4 * 365.25 / 12 * spoiled.wavelength / (4 * np.pi) * 1000  # the middle of the bowl; towards the satellite is up
    assert kept[12, 15] == pytest.approx(truth, rel=0.12)
    assert abs(change[:8]).mean() > 10 * abs(change[8:]).mean()

    assert result.details["dropped"] == 1 and result.details["lost_dates"] == []
    assert "20 of 21" not in result.summary and f"{spoiled.count - 1} of {spoiled.count}" in result.summary
    assert set(result.outputs) == {"table", "output", "lists", "velocity"}
    assert names(tmp_path) == ["coherence.tif", "kept.vrt", "lists", "stack.tif", "table.csv", "velocity.tif"]


def test_the_kept_stack_can_be_a_copy_and_is_read_by_open_stack(tmp_path, spoiled):
    path = write_network(tmp_path / "stack.tif", spoiled, extra={"PHASE_CONVENTION": "reference-secondary"})
    run(tmp_path, path, output=str(tmp_path / "kept.tif"))
    with open_stack(path) as whole, open_stack(str(tmp_path / "kept.tif")) as kept:
        assert len(kept) == len(whole) - 1 and kept.metadata["PHASE_CONVENTION"] == "reference-secondary"
        left = [band.number for index, band in enumerate(whole.bands) if index != BAD]
        assert np.array_equal(kept.read(slice(None), slice(None)), whole.read(slice(None), slice(None), left))


def test_complex_and_wrapped_stacks_are_judged_by_their_phase(tmp_path):
    stack = network(dates=6, noise=0.1)
    rng = np.random.default_rng(0)
    phase = stack.phase.copy()
    phase[4] = rng.uniform(-3.1, 3.1, phase[4].shape)
    for quantity, values in (("phase", wrap(phase)), ("complex", (7 * np.exp(1j * phase)).astype(np.complex64))):
        path = write_network(tmp_path / f"{quantity}.tif", stack, quantity=quantity, values=values)
        run(tmp_path, path)
        assert [index for index, row in enumerate(rows_of(tmp_path / "table.csv")) if float(row["score"]) < 0.5] == [4]
        with pytest.raises(StillpointError, match="needs unwrapped phase"):
            run(tmp_path, path, velocity=str(tmp_path / "v.tif"))


def test_a_later_reference_turns_the_phase_round(tmp_path, spoiled):
    """Stacks that have the later day as the reference in some bands close their loops all the same."""
    bands = bands_of(spoiled)
    values = spoiled.phase.copy()
    for index in (2, 5, BAD):
        band = bands[index]
        bands[index] = replace(band, reference_date=band.secondary_date, secondary_date=band.reference_date)
        values[index] *= -1
    path = write_network(tmp_path / "stack.tif", spoiled, values=values, bands=bands)
    run(tmp_path, path)
    rows = rows_of(tmp_path / "table.csv")
    assert [index for index, row in enumerate(rows) if row["keep"] == "0"] == [BAD]
    assert rows[2]["reference_date"] > rows[2]["secondary_date"]
    with open_stack(path) as stack:
        reading = read_network(stack)
    assert (reading.network.days > 0).all()
    assert reading.network.baselines[2] == pytest.approx(-spoiled.baselines[2], rel=1e-3)
    assert reading.network.phase[2] + reading.levels[2] == pytest.approx(spoiled.phase[2], abs=1e-4)


def test_large_rasters_are_judged_on_blocks_without_levels_in_between(tmp_path, monkeypatch):
    from stillpoint.models.interferograms import reading_work as module
    from stillpoint.models.interferograms import reducing

    monkeypatch.setattr(reducing, "MOST", 40)
    monkeypatch.setattr(module, "STRIPE", 2000)
    stack = network(dates=5, shape=(110, 90), noise=0.01)
    phase = np.zeros_like(stack.phase) + 1
    phase[:, -1] += 0.001  # else they would be constant
    phase[2, 50:] += np.float32(2 * np.pi)  # the edge goes through the middle of a block
    phase[:, :4, :5] = np.nan
    path = write_network(tmp_path / "stack.tif", stack, values=phase + 0.5)
    with open_stack(path) as opened:
        found = read_network(opened)
    assert found.factor == 3 and found.network.shape == (37, 30)
    assert found.network.spacing == (300.0, 300.0)
    jump = np.unique(np.round(found.network.phase[2][np.isfinite(found.network.phase[2])], 2))
    assert len(jump) == 2 and jump[1] - jump[0] == pytest.approx(2 * np.pi, abs=0.01)
    assert np.isnan(found.network.phase[:, 0, 0]).all() and np.isfinite(found.network.phase[:, 3:]).all()
    # Velocity and kept stack have the grid of the stack all the same.
    run(tmp_path, path, velocity=str(tmp_path / "velocity.tif"))
    maps = gdal.Open(str(tmp_path / "velocity.tif"))
    assert (maps.RasterYSize, maps.RasterXSize, maps.GetGeoTransform()) == (110, 90, PLACE)


# Bad input


def test_bands_without_dates_are_refused(tmp_path):
    path = write_stack(str(tmp_path / "a.tif"), np.ones((2, 5, 6)), [Band(n, "unwrapped", description=f"pair {n}") for n in (1, 2)])
    with pytest.raises(StillpointError, match=r"2 of 2 bands .* have no dates \(band 1: pair 1\).*REFERENCE_DATE"):
        run(tmp_path, path)
    assert names(tmp_path) == ["a.tif"]


def test_images_and_coherence_are_no_interferograms(tmp_path):
    stack = network(dates=4)
    days = stack.dates.astype(object)
    single = write_stack(str(tmp_path / "a.tif"), stack.phase[:4], [Band(1, "unwrapped", day) for day in days])
    with pytest.raises(StillpointError, match="images of one date"):
        run(tmp_path, single)
    coherence = write_stack(str(tmp_path / "c.tif"), stack.coherence, bands_of(stack, "coherence"))
    with pytest.raises(StillpointError, match="not interferograms"):
        run(tmp_path, coherence)


def test_the_same_dates_twice_are_refused(tmp_path):
    stack = network(dates=4)
    bands = bands_of(stack)
    bands[3] = replace(bands[1], number=4)
    with pytest.raises(StillpointError, match=r"Bands 2 and 4 .* same dates"):
        run(tmp_path, write_network(tmp_path / "a.tif", stack, bands=bands))
    bands[3] = replace(bands[1], secondary_date=bands[1].reference_date)
    with pytest.raises(StillpointError, match="same date twice"):
        run(tmp_path, write_network(tmp_path / "b.tif", stack, bands=bands))


def test_a_single_reference_is_judged_and_leaves_nothing_to_choose(tmp_path):
    stack = network(dates=5, pairs=[[0, 2], [1, 2], [2, 3], [2, 4]])
    coherence = stack.coherence.copy()
    coherence[1] = 0.2
    path = write_network(tmp_path / "a.tif", replace(stack, coherence=coherence), coherence=tmp_path / "c.tif")
    result = run(tmp_path, path, method="coherence")
    assert result.details["kept"] == 4 and any(f"have the date {stack.dates[2]}" in note for note in result.warnings)
    assert rows_of(tmp_path / "table.csv")[1]["reason"] == f"mean coherence 0.20; kept: the only link to {stack.dates[1]}"
    result = run(tmp_path, path, method="coherence", connect="none")
    assert result.details["kept"] == 3 and result.details["lost_dates"] == [str(stack.dates[1])]


def test_one_pair_is_judged_and_told(tmp_path):
    stack = network(dates=2, pairs=[[0, 1]])
    path = write_network(tmp_path / "a.tif", stack, coherence=tmp_path / "c.tif")
    result = run(tmp_path, path, method="coherence")
    assert any("nothing to compare" in note for note in result.warnings)
    assert rows_of(tmp_path / "table.csv")[0]["keep"] == "1"
    with pytest.raises(StillpointError, match="form a loop"):
        run(tmp_path, path)


def test_a_network_in_parts_is_told_and_each_part_chosen(tmp_path, spoiled):
    other = replace(spoiled, dates=spoiled.dates + 400)
    both = replace(
        spoiled, phase=np.concatenate([spoiled.phase, other.phase]), dates=np.concatenate([spoiled.dates, other.dates]),
        pairs=np.concatenate([spoiled.pairs, spoiled.pairs + 8]), baselines=None, coherence=None,
    )  # fmt: skip
    result = run(tmp_path, write_network(tmp_path / "a.tif", both), velocity=str(tmp_path / "v.tif"))
    assert result.details["parts"] == 2 and result.details["lost_dates"] == []
    assert any("2 parts from the start: 2019-01-01 to 2019-03-26 (8 dates)" in note for note in result.warnings)
    dropped = [index for index, row in enumerate(rows_of(tmp_path / "table.csv")) if row["keep"] == "0"]
    assert dropped == [BAD, BAD + spoiled.count]


def test_without_coherence_and_without_loops_the_methods_say_what_they_lack(tmp_path):
    path = write_network(tmp_path / "a.tif", network(dates=6, reach=1))
    with pytest.raises(StillpointError, match="needs the coherence"):
        run(tmp_path, path, method="coherence")
    with pytest.raises(StillpointError, match="form a loop"):
        run(tmp_path, path)
    assert run(tmp_path, path, method="coverage").details["kept"] == 5


def test_coherence_on_another_grid_is_refused_and_a_companion_is_left_out(tmp_path):
    stack = network(dates=5)
    small = write_stack(str(tmp_path / "small.tif"), stack.coherence[:, :-2], bands_of(stack, "coherence"))
    moved = write_stack(
        str(tmp_path / "moved.tif"), stack.coherence, bands_of(stack, "coherence"),
        geotransform=(PLACE[0] + 50, *PLACE[1:]), projection=CRS,
    )  # fmt: skip
    path = write_network(tmp_path / "a.tif", stack)
    for coherence, words in ((small, "30 x 22 pixels, the stack 30 x 24"), (moved, "another grid")):
        with pytest.raises(StillpointError, match=words):
            run(tmp_path, path, coherence=coherence)
    path = write_network(tmp_path / "b.tif", stack, companions={"coherence": small})
    result = run(tmp_path, path)
    assert any("is not used: it has 30 x 22" in note for note in result.warnings)
    assert "mean_coherence" not in rows_of(tmp_path / "table.csv")[0]


def test_coherence_is_matched_by_dates_whatever_its_order(tmp_path):
    stack = network(dates=5)
    values = np.broadcast_to(np.linspace(0.3, 0.9, stack.count)[:, None, None], stack.coherence.shape)
    order = np.random.default_rng(0).permutation(stack.count)[:-1]
    bands = [bands_of(stack, "coherence")[index] for index in order]
    coherence = write_stack(str(tmp_path / "c.tif"), values[order], bands, geotransform=PLACE, projection=CRS)
    result = run(tmp_path, write_network(tmp_path / "a.tif", stack), method="coherence", coherence=coherence, connect="none")
    found = np.array([float(row["mean_coherence"] or "nan") for row in rows_of(tmp_path / "table.csv")])
    assert found[order] == pytest.approx(values[order, 0, 0], abs=1e-3)
    assert np.isnan(found).sum() == 1 and any("lacks 1 of" in note for note in result.warnings)
    plain = [Band(number, "coherence", description=f"cc {number}") for number in range(1, stack.count + 1)]
    ordered = write_stack(str(tmp_path / "o.tif"), values, plain, geotransform=PLACE, projection=CRS)
    result = run(tmp_path, str(tmp_path / "a.tif"), method="coherence", coherence=ordered)
    assert any("in the order of the interferograms" in note for note in result.warnings)
    with pytest.raises(StillpointError, match="no pairs of dates"):
        short = write_stack(str(tmp_path / "s.tif"), values[:3], plain[:3], geotransform=PLACE, projection=CRS)
        run(tmp_path, str(tmp_path / "a.tif"), method="coherence", coherence=short)


@pytest.mark.parametrize("full, kind, told", [(255, np.uint8, True), (255, np.uint8, False), (100, np.float32, True)])
def test_coherence_stored_as_0_to_255_or_0_to_100_is_scaled(tmp_path, spoiled, full, kind, told):
    stack = write_network(tmp_path / "stack.tif", spoiled)
    shades = np.tile(np.linspace(0.35, 0.99, spoiled.shape[1]), (spoiled.count, spoiled.shape[0], 1))
    path = write_stack(
        str(tmp_path / "coherence.tif"), (full * shades).astype(np.float32), bands_of(spoiled, "coherence"), geotransform=PLACE,
        projection=CRS,
    )
    given = str(tmp_path / "given.tif")
    stored = gdal.GDT_Byte if kind is np.uint8 else gdal.GDT_Float32
    made = gdal.GetDriverByName("GTiff").Create(given, *spoiled.shape[::-1], spoiled.count, stored)
    made.SetGeoTransform(PLACE)
    made.SetProjection(CRS)
    source = gdal.Open(path)
    for number in range(1, spoiled.count + 1):
        band, items = made.GetRasterBand(number), source.GetRasterBand(number).GetMetadata()
        band.WriteArray((full * shades[number - 1]).round().astype(kind))
        band.SetMetadata({key: value for key, value in items.items() if told or key != "QUANTITY"})
    made = band = None
    result = run(tmp_path, stack, coherence=given, method="coherence")
    assert any(f"0 to {full}" in note for note in result.warnings)
    for row in rows_of(tmp_path / "table.csv"):
        assert float(row["mean_coherence"]) == pytest.approx(shades.mean(), abs=0.01)


def test_a_few_pixels_of_coherence_beyond_1_scale_nothing(tmp_path, spoiled):
    values = spoiled.coherence.copy()
    values[:, 0, :3] = 1.4
    path = write_network(tmp_path / "stack.tif", replace(spoiled, coherence=values), coherence=tmp_path / "coherence.tif")
    result = run(tmp_path, path, method="coherence")
    assert not any("scaled" in note for note in result.warnings)
    assert float(rows_of(tmp_path / "table.csv")[3]["mean_coherence"]) == pytest.approx(0.8, abs=0.01)


def test_empty_and_constant_pairs_are_bad_with_a_reason(tmp_path):
    stack = network(dates=7)
    values = stack.phase.copy()
    values[2], values[5], values[6] = np.nan, 3.25, 0.0
    result = run(tmp_path, write_network(tmp_path / "a.tif", stack, values=values), velocity=str(tmp_path / "v.tif"))
    rows = rows_of(tmp_path / "table.csv")
    assert [rows[index]["reason"] for index in (2, 5, 6)] == ["no data", "constant", "no data"]
    assert [rows[index]["keep"] for index in (2, 5, 6)] == ["0"] * 3 and result.details["kept"] == stack.count - 3
    assert all(float(rows[index]["score"]) == 0 for index in (2, 5, 6))
    assert any("Zeros" in note for note in result.warnings)
    values[:] = np.nan
    with pytest.raises(StillpointError, match=r"All 15 interferograms .* empty or constant"):
        run(tmp_path, write_network(tmp_path / "b.tif", stack, values=values))


def test_a_date_whose_every_pair_is_empty_is_lost_and_told(tmp_path):
    stack = network(dates=6)
    values = stack.phase.copy()
    values[(stack.pairs == 3).any(axis=1)] = np.nan
    result = run(tmp_path, write_network(tmp_path / "a.tif", stack, values=values))
    assert result.details["lost_dates"] == [str(stack.dates[3])]
    assert any(f"1 date is lost ({stack.dates[3]})" in note for note in result.warnings)
    assert "1 of 6 dates are lost" in result.summary


def test_a_bad_pair_that_alone_links_a_date_stays_and_says_why(tmp_path):
    stack = network(pairs=[[0, 1], [1, 2], [0, 2], [2, 3]], dates=4)
    coherence = stack.coherence.copy()
    coherence[3] = 0.1
    path = write_network(tmp_path / "a.tif", replace(stack, coherence=coherence), coherence=tmp_path / "c.tif")
    run(tmp_path, path, method="coherence")
    row = rows_of(tmp_path / "table.csv")[3]
    assert row["keep"] == "1" and row["reason"] == "mean coherence 0.10; kept: the only link to 2019-02-06"
    result = run(tmp_path, path, method="coherence", connect="none")
    assert rows_of(tmp_path / "table.csv")[3]["keep"] == "0" and result.details["lost_dates"] == ["2019-02-06"]


def test_outputs_never_replace_what_is_read_or_each_other(tmp_path, spoiled):
    path = write_network(tmp_path / "stack.tif", spoiled, coherence=tmp_path / "coherence.tif")
    before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}
    for options, words in (
        ({"output": path}, "also the stack"),
        ({"velocity": str(tmp_path / "coherence.tif")}, "a file that is read"),
        ({"output": str(tmp_path / "a.tif"), "velocity": str(tmp_path / "a.tif")}, "name of its own"),
        ({"output": str(tmp_path / "a.png")}, "must end in .vrt"),
        ({"velocity": str(tmp_path / "a.vrt")}, "GeoTIFF"),
        ({"table": str(tmp_path / "none" / "t.csv")}, "no folder"),
        ({"lists": path}, "is a file"),
        ({"weights": str(tmp_path / "w.tif")}, "no weights of single pixels"),
    ):
        with pytest.raises(StillpointError, match=words):
            run(tmp_path, path, **options)
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == before


def test_nothing_is_left_of_a_cancelled_job(tmp_path, spoiled):
    path = write_network(tmp_path / "stack.tif", spoiled)
    seen = []

    def job(stop):
        return dispatch.run(
            SelectInterferograms(
                stack=path, method="loop_closure", table=str(tmp_path / "t.csv"), output=str(tmp_path / "k.tif"),
                velocity=str(tmp_path / "v.tif"), lists=str(tmp_path / "lists"),
            ),
            Progress(lambda fraction, _message: seen.append(fraction), lambda: len(seen) >= stop),
        )  # fmt: skip

    job(10**9)
    count, fractions = len(seen), list(seen)
    assert fractions == sorted(fractions) and fractions[-1] == 1.0 and count > 20
    for name in ("t.csv", "k.tif", "v.tif"):
        (tmp_path / name).unlink()
    for item in (tmp_path / "lists").iterdir():
        item.unlink()
    (tmp_path / "lists").rmdir()
    for stop in range(1, count, max(1, count // 12)):
        seen.clear()
        with pytest.raises(Cancelled):
            job(stop)
        assert names(tmp_path) == ["stack.tif"]


def test_the_command_line_has_it(tmp_path, spoiled, capsys):
    path = write_network(tmp_path / "stack.tif", spoiled)
    table = tmp_path / "t.csv"
    done = cli.main(["select-interferograms", path, "--table", str(table), "--method", "loop_closure", "--connect", "tree"])
    assert done == cli.DONE and table.exists()
    printed = capsys.readouterr().out
    assert f"{spoiled.count - 1} of {spoiled.count} interferograms are kept" in printed and "dropped 20" in printed
    missing = str(tmp_path / "no.tif")
    assert cli.main(["select-interferograms", missing, "--table", str(table), "--method", "coverage"]) == cli.FAILED
    assert "There is no file" in capsys.readouterr().err


def test_nothing_useful_is_dropped_over_mexico_city(tmp_path, real_data):
    """Thirty interferograms, all of them fair to good."""
    product = real_data / "mexico-city-s1-pyrate"
    if not product.is_dir():
        pytest.skip(f"no {product}")
    stack = str(tmp_path / "stack.vrt")
    assert cli.main(["open-stack", str(product / "unw"), str(product / "coh"), "--output", stack, "--progress", "none"]) == cli.DONE
    for method in ("loop_closure", "coherence", "area_ratio", "coverage", "residues", "baselines"):
        result = run(tmp_path, stack, method=method)
        assert result.details["kept"] == 30 and result.details["loops_kept"] == 24, method
    tree = run(tmp_path, stack, method="coherence", connect="tree")
    assert tree.details["kept"] == 12 and tree.details["lost_dates"] == []  # what MintPy's limit of 0.7 would leave
