"""Stacks in QGIS: the algorithms through Processing and qgis_process, layers that are styled and play in time."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import (
    QgsApplication,
    QgsDateTimeRange,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

from stillpoint.models.jobs import OpenStack
from stillpoint.models.progress import SILENT
from stillpoint.models.rasters.bands import Band
from stillpoint.models.rasters.opening import open_stack_job
from stillpoint.plugin import raster_layers
from stillpoint.plugin.provider import StillpointProvider
from tests.models.rasters import makers
from tests.models.rasters.makers import DATES, REFERENCE

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def provider(processing):
    made = StillpointProvider()
    QgsApplication.processingRegistry().addProvider(made)
    yield made
    QgsApplication.processingRegistry().removeProvider(made)
    QgsProject.instance().clear()


@pytest.fixture
def project(qgis_app):
    made = QgsProject.instance()
    made.clear()
    yield made
    made.clear()


def stack(folder, output):
    job = OpenStack(sources=[str(folder)], output=str(output))
    return open_stack_job(job, SILENT), job


def drawn(layers, moment=None):
    """The middle pixel of a map of ``layers``, at a moment where one is given."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(layers[0].crs())
    settings.setExtent(layers[0].extent())
    settings.setOutputSize(QSize(90, 120))
    settings.setBackgroundColor(QColor("white"))
    if moment is not None:
        settings.setIsTemporal(True)
        settings.setTemporalRange(QgsDateTimeRange(moment, moment))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return QColor(job.renderedImage().pixel(45, 60)).name()


def flat_product(folder):
    """Interferograms whose phase is the same everywhere, another one in each."""
    for number, date in enumerate(DATES):
        values = np.full((makers.ROWS, makers.COLS), -3.0 + 1.9 * number, "f4")
        makers.tif(folder / f"{REFERENCE}_{date}_phase.tif", values)
    return folder


def test_each_band_is_drawn_at_its_time(project, tmp_path):
    result, job = stack(flat_product(tmp_path / "p"), tmp_path / "out.vrt")
    layers = raster_layers.add_stack_layers(result, job, project=project)
    assert layers[0].source().endswith("out.vrt") and layers[0].renderer().type() == "singlebandpseudocolor"
    ordered = project.layerTreeRoot().layerOrder()
    views = [layer for layer in ordered if layer is not layers[0]] or [layers[0]]
    ranges = raster_layers.time_ranges(raster_layers.facts_of(layers[0].source()).bands)
    assert len(ranges) == 4
    colours = [drawn(views, ranges[number].begin()) for number in sorted(ranges)]
    assert len(set(colours)) == 4  # every date shows its own phase
    assert drawn(views, ranges[1].begin().addYears(-3)) == "#ffffff"


@pytest.mark.skipif(raster_layers.has_bands_in_time(), reason="this QGIS gives each band its own time")
def test_layers_of_bands_where_a_layer_has_one_time(project, tmp_path):
    result, job = stack(makers.geotiffs(tmp_path / "p"), tmp_path / "out.vrt")
    layers = raster_layers.add_stack_layers(result, job, project=project)
    root = project.layerTreeRoot()
    group = root.findGroup("Stillpoint - out")
    assert [child.name() for child in group.children()] == [
        "out in time", "out", "out_amplitude", "out_coherence",
    ]
    assert len(layers) == 3 + 4
    visible = {layer.name() for layer in root.checkedLayers()}
    assert visible == {f"2018-01-15 {dt.datetime.strptime(date, '%Y%m%d').date()}" for date in DATES}
    bands = {layer.renderer().band() for layer in layers[1:5]}
    assert bands == {1, 2, 3, 4}
    assert all(layer.temporalProperties().isActive() for layer in layers[1:5])
    assert layers[1].crs() == layers[0].crs()


def test_bands_get_their_times_where_qgis_knows_them(monkeypatch):
    told = {}
    properties = SimpleNamespace(
        setMode=lambda mode: told.update(mode=mode), setFixedRangePerBand=lambda ranges: told.update(ranges=ranges),
        setIsActive=lambda active: told.update(active=active),
    )
    monkeypatch.setattr(raster_layers, "has_bands_in_time", lambda: True)
    monkeypatch.setattr(raster_layers, "Qgis", SimpleNamespace(RasterTemporalMode=SimpleNamespace(FixedRangePerBand="per band")))
    reference = dt.date(2018, 1, 15)
    bands = [Band(number, "phase", reference_date=reference, secondary_date=dt.date(2018, 2, number)) for number in (1, 3)]
    ranges = raster_layers.time_ranges(bands)
    raster_layers.set_times(SimpleNamespace(temporalProperties=lambda: properties), ranges)
    assert told == {"mode": "per band", "ranges": ranges, "active": True}


def test_ranges_follow_each_other_and_share_a_date_evenly():
    days = [dt.date(2018, 1, number) for number in (3, 15, 27)]
    network = [Band(n, "phase", reference_date=a, secondary_date=b) for n, (a, b) in
               enumerate([(days[0], days[1]), (days[0], days[2]), (days[1], days[2])], start=1)]
    ranges = raster_layers.time_ranges(network)
    assert ranges[1].end() == ranges[2].begin() and ranges[2].end() == ranges[3].begin()
    assert ranges[2].begin().secsTo(ranges[2].end()) == 6 * 86400
    assert ranges[1].includeBeginning() and not ranges[1].includeEnd()


def test_complex_values_are_drawn_as_phase_or_amplitude(project, tmp_path):
    result, job = stack(makers.snap_stamps(tmp_path / "INSAR"), tmp_path / "INSAR" / "out.vrt")
    layers = raster_layers.add_stack_layers(result, job, project=project)
    views = [layer for layer in layers if layer.source().startswith("DERIVED_SUBDATASET:PHASE")]
    assert views and all(view.isValid() for view in views)
    assert drawn(views[:1]) != "#ffffff"
    assert any(layer.name() == "out_amplitude" for layer in layers)


@pytest.mark.parametrize("quantity", ["phase", "unwrapped", "coherence", "amplitude"])
def test_styles_draw(qgis_app, tmp_path, quantity):
    values = {"phase": makers.phase(1), "unwrapped": 9 * makers.phase(1), "coherence": np.abs(makers.phase(1)) / 4,
              "amplitude": np.abs(makers.complex_image(1))}[quantity]
    layer = QgsRasterLayer(str(makers.tif(tmp_path / "x.tif", values)), "x", "gdal")
    raster_layers.style_band(layer, quantity, 1)
    assert drawn([layer]) != "#ffffff"


def test_temporal_controller_is_set_to_the_dates(qgis_iface, tmp_path):
    from qgis.core import QgsTemporalNavigationObject

    result, job = stack(flat_product(tmp_path / "p"), tmp_path / "out.vrt")
    canvas = qgis_iface.mapCanvas()
    controller = QgsTemporalNavigationObject(canvas)  # lives as long as the map
    canvas.setTemporalController(controller)
    layers = raster_layers.add_stack_layers(result, job, iface=qgis_iface)
    assert qgis_iface.activeLayer() is layers[0]
    assert controller.temporalExtents().begin().date().toString("yyyy-MM-dd") == "2017-12-22"
    assert controller.frameDuration().days() == 12
    assert controller.totalFrameCount() >= 4 and controller.currentFrameNumber() == 0
    canvas.stopRendering()
    controller.setNavigationMode(QgsTemporalNavigationObject.NavigationMode.NavigationOff)


def test_processing_opens_and_describes(provider, processing, real_engine, tmp_path):
    folder = makers.geotiffs(tmp_path / "p")
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    context.setProject(QgsProject.instance())
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("stillpoint:openstack")
    output = QgsProcessingOutputLayerDefinition(str(tmp_path / "out.vrt"), QgsProject.instance())
    results, done = algorithm.run({"INPUT": [str(folder)], "OUTPUT": output}, context, feedback)
    assert done and results["OUTPUT"] == str(tmp_path / "out.vrt")
    assert results["AMPLITUDE"] == str(tmp_path / "out_amplitude.vrt")
    layer = QgsRasterLayer(results["OUTPUT"], "out", "gdal")
    context.layerToLoadOnCompletionDetails(results["OUTPUT"]).postProcessor().postProcessLayer(layer, context, feedback)
    assert layer.renderer().type() == "singlebandpseudocolor" and layer.temporalProperties().isActive()
    found = processing.run("stillpoint:describestack", {"INPUT": sorted(str(path) for path in (folder / "ifg").iterdir())})
    assert found["BANDS"] == 4 and json.loads(found["DETAILS"])["quantity"] == "phase"
    assert "interferograms of one reference 2018-01-15" in found["SUMMARY"]
    with pytest.raises(QgsProcessingException, match="no file or folder"):
        processing.run("stillpoint:describestack", {"INPUT": [str(tmp_path / "nowhere")]})


def test_qgis_process_opens_a_folder(tmp_path):
    program = next((found for name in ("qgis_process.bin", "qgis_process") if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("there is no qgis_process here")
    pytest.importorskip("torch")
    plugins = tmp_path / "profile" / "profiles" / "default" / "python" / "plugins"
    plugins.mkdir(parents=True)
    (plugins / "stillpoint").symlink_to(REPOSITORY)
    variables = {**os.environ, "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path / "profile"), "QT_QPA_PLATFORM": "offscreen",
                 "STILLPOINT_PYTHON": sys.executable}
    folder = makers.geotiffs(tmp_path / "p")
    subprocess.run([program, "plugins", "enable", "stillpoint"], env=variables, capture_output=True, check=True, timeout=120)
    done = subprocess.run(
        [program, "--json", "run", "stillpoint:openstack", "--", f"INPUT={folder}", f"OUTPUT={tmp_path / 'out.vrt'}"],
        env=variables, capture_output=True, text=True, timeout=240, check=False,
    )
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout[done.stdout.index("{"):])["results"]
    assert results["OUTPUT"] == str(tmp_path / "out.vrt") and results["COHERENCE"] == str(tmp_path / "out_coherence.vrt")
    assert (tmp_path / "out.vrt").exists()
