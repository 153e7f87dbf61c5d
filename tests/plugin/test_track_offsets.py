"""``stillpoint:trackoffsets``: parameters, early words on what cannot be tracked, and the real engine's signs on the map."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)

from stillpoint.models import jobs
from stillpoint.plugin import offsets, offsets_arrows, offsets_layers
from stillpoint.plugin.algorithms.track_offsets import TrackOffsetsAlgorithm
from stillpoint.tests.plugin.offset_rasters import ORIGIN, PIXEL, write_image, write_offsets
from stillpoint.tests.plugin.test_processing import asked, provider, qgis_process

__all__ = ["asked", "provider", "qgis_process"]

NAME = "stillpoint:trackoffsets"


@pytest.fixture
def pair(tmp_path):
    return [
        str(write_image(tmp_path / "a_20210110.tif")), str(write_image(tmp_path / "b_20210122.tif", shift=(2, 3))),
    ]  # fmt: skip


@pytest.fixture
def handed_out(tmp_path, monkeypatch):
    folder = tmp_path / "handed-out"
    folder.mkdir()
    write_offsets(folder / "offsets.tif")
    monkeypatch.setenv("FAKE_ENGINE_FOLDER", str(folder))


def test_defaults_make_the_default_job(provider, processing, asked, handed_out, pair, tmp_path):
    output = str(tmp_path / "o.tif")
    processing.run(NAME, {"REFERENCE": pair[0], "SECONDARY": pair[1], "OUTPUT": output})
    assert asked == [jobs.TrackOffsets(reference=pair[0], secondary=pair[1], output=output)]


def test_layers_and_choices_arrive(provider, processing, asked, handed_out, pair, tmp_path):
    first, second = (QgsRasterLayer(path, path) for path in pair)
    ice = QgsVectorLayer("Polygon?crs=EPSG:32605", "rock", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(ORIGIN[0], ORIGIN[1] - 400, ORIGIN[0] + 400, ORIGIN[1])))
    ice.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayers([first, second, ice])
    processing.run(NAME, {
        "REFERENCE": first, "SECONDARY": second.id(), "METHOD": "2", "SPACING": 16, "SEARCH": 20, "UNITS": "metres_a_day",
        "STABLE": ice, "OUTLIERS": 1, "OUTPUT": str(tmp_path / "o.tif"),
    })  # fmt: skip
    job = asked[0]
    assert (job.reference, job.secondary) == tuple(pair)
    assert (job.method, job.spacing, job.search, job.units, job.outliers) == ("correlation", 16, 20, "metres_a_day", "keep")
    assert gdal.OpenEx(job.stable, gdal.OF_VECTOR).GetLayer(0).GetFeatureCount() == 1


def test_parameters_have_words_and_the_rare_ones_are_hidden(provider):
    algorithm = next(item for item in provider.algorithms() if item.name() == "trackoffsets")
    names = [item.name() for item in algorithm.parameterDefinitions()]
    assert names[:8] == ["REFERENCE", "SECONDARY", "OUTPUT", "METHOD", "SPACING", "SEARCH", "UNITS", "PRIOR"]
    assert all(item.help() for item in algorithm.parameterDefinitions())
    hidden = QgsProcessingParameterDefinition.Flag.FlagAdvanced
    assert algorithm.parameterDefinition("STABLE").flags() & hidden and not algorithm.parameterDefinition("UNITS").flags() & hidden
    assert algorithm.groupId() == "offsets" and "glacier" in algorithm.tags() and not algorithm.icon().isNull()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SECONDARY": "a_20210110.tif"}, "the same image"),
        ({"SECONDARY": "other.tif"}, "Set ALIGN to secondary"),
        ({"SECONDARY": None}, "single image"),
        ({"SECONDARY": "undated.tif", "UNITS": "metres_a_day"}, "names none"),
    ],
)
def test_what_cannot_be_tracked_is_said_before_the_engine_starts(provider, pair, tmp_path, changes, words):
    write_image(tmp_path / "other.tif", pixel=20.0, shift=(1, 1))
    write_image(tmp_path / "undated.tif", shift=(1, 1))
    changes = {name: str(tmp_path / value) if str(value).endswith(".tif") else value for name, value in changes.items()}
    algorithm = TrackOffsetsAlgorithm()
    algorithm.initAlgorithm({})
    given = {"REFERENCE": pair[0], "SECONDARY": pair[1], "OUTPUT": "/nowhere/o.tif", **changes}
    with pytest.raises(QgsProcessingException, match=words):
        algorithm.prepareAlgorithm(given, QgsProcessingContext(), QgsProcessingFeedback())


def test_signs_of_the_real_engine_on_a_map(provider, processing, real_engine, pair, tmp_path):
    given = {"REFERENCE": pair[0], "SECONDARY": pair[1], "METHOD": "correlation", "UNITS": "metres"}
    result = processing.run(NAME, {**given, "OUTPUT": str(tmp_path / "o.tif")})
    facts = offsets.facts_of(result["OUTPUT"])
    assert facts.pairs[0].kinds == ("east", "north") and facts.pairs[0].days == 12 and facts.unit == "m"
    middle = np.nanmedian(offsets.samples(facts, [1, 2]), axis=(1, 2))
    assert middle == pytest.approx([3 * PIXEL, -2 * PIXEL], abs=1.0)  # later columns are east, later rows south
    arrows = offsets_arrows.vectors(facts, facts.pairs[0])
    assert np.median(arrows[:, 2]) > 0 > np.median(arrows[:, 3])
    layer = QgsRasterLayer(result["OUTPUT"], "o")
    offsets_layers.style_result(layer)
    assert layer.renderer().type() == "singlebandpseudocolor" and layer.customProperty(offsets_layers.ROLE) == "component"


def test_signs_of_the_real_engine_in_radar_geometry(provider, processing, real_engine, tmp_path):
    pair = [str(write_image(tmp_path / f"r{number}.tif", shift=shift, epsg=None)) for number, shift in enumerate([(0, 0), (2, 3)])]
    output = str(tmp_path / "o.tif")
    processing.run(NAME, {"REFERENCE": pair[0], "SECONDARY": pair[1], "METHOD": "correlation", "OUTPUT": output})
    facts = offsets.facts_of(output)
    assert facts.pairs[0].kinds == ("range", "azimuth") and facts.geometry == "radar"
    arrows = offsets_arrows.vectors(facts, facts.pairs[0])
    assert np.median(arrows[:, 2]) == pytest.approx(3, abs=0.1) and np.median(arrows[:, 3]) == pytest.approx(-2, abs=0.1)
    shown = QgsRasterLayer(output, "o").extent()  # the arrows lie where QGIS draws the raster
    assert shown.yMinimum() < arrows[:, 1].min() and arrows[:, 1].max() < shown.yMaximum()
    assert shown.xMinimum() < arrows[:, 0].min() and arrows[:, 0].max() < shown.xMaximum()


def test_qgis_process_on_a_real_surge(qgis_process, real_data, tmp_path):
    pytest.importorskip("torch")
    folder = real_data / "s1-muldrow-surge"
    if not folder.is_dir():
        pytest.skip(f"no folder {folder}")
    images = [folder / f"muldrow_s1a_vv_logamp_{date}.tif" for date in ("20210203", "20210215")]
    output = tmp_path / "muldrow.tif"
    done = qgis_process(
        "run", NAME, "--", f"REFERENCE={images[0]}", f"SECONDARY={images[1]}", "METHOD=correlation", "UNITS=metres_a_day",
        f"OUTPUT={output}",
    )
    assert done.returncode == 0, done.stderr
    facts = offsets.facts_of(str(output))
    assert facts.unit == "m/day" and facts.pairs[0].label == "2021-02-03 to 2021-02-15"
    assert np.isfinite(offsets.samples(facts, [1])).mean() > 0.5
