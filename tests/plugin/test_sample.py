"""The sample: its data are made once, its project has groups, styles, bookmarks and themes, and one part is shown at a time."""

from __future__ import annotations

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsCategorizedSymbolRenderer, QgsProject, QgsRasterLayer
from qgis.PyQt.QtWidgets import QMessageBox

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import Result
from stillpoint.plugin import sample, sample_map, settings, tasks
from stillpoint.ui.sample_dialog import SampleDialog


@pytest.fixture
def small(monkeypatch):
    """Sizes that are made in a moment."""
    monkeypatch.setattr(sample, "POINTS", 120)
    monkeypatch.setattr(sample, "DATES", 20)
    monkeypatch.setattr(sample, "CITY_SIZE", 64)
    monkeypatch.setattr(sample, "CITY_DATES", 6)
    monkeypatch.setattr(sample, "SURGE_SIZE", 96)
    monkeypatch.setattr(sample, "NETWORK_SIZE", 64)
    monkeypatch.setattr(sample, "NETWORK_DATES", 6)


def fake_run(job, report):
    """Write empty files in the place of simulated ones."""
    from pathlib import Path

    report(0.5, "half")
    names = {"valley": ("output", "terrain"), "scene": ("stack", "truth", "zones"), "offsets": ("output", "truth"),
             "interferograms": ("output", "coherence", "velocity")}[job.what]  # fmt: skip
    outputs = {}
    for name in names:
        given = getattr(job, name, None)
        path = Path(given or Path(job.output).with_name(f"{job.what}_{name}.tif"))
        path.write_text("x")
        outputs[name] = str(path)
    return Result(outputs)


def test_sample_is_made_of_real_data_and_becomes_a_project(small, real_engine, tmp_path):
    progress = []
    made = sample.make(
        tmp_path / "new" / "folder", lambda job, report: real_engine.run(job, report=report),
        report=lambda fraction, text: progress.append(fraction),
    )  # fmt: skip
    assert progress == sorted(progress) and progress[-1] == 1.0
    assert set(made.files) >= {"valley", "city", "surge"}, made.notes
    assert sample.known(made.folder) == made
    project = QgsProject.instance()
    project.clear()
    sample_map.make_project(made, project)
    parts = sample_map.parts_of(project)
    assert parts == [part for part in sample.PARTS if part in made.files]
    titles = [sample_map.titles()[part] for part in parts]
    assert [group.name() for group in project.layerTreeRoot().children()] == titles
    assert sorted(bookmark.name() for bookmark in project.bookmarkManager().bookmarks()) == sorted(titles)
    assert sorted(project.mapThemeCollection().mapThemes()) == sorted(titles)
    assert all(layer.isValid() for layer in project.mapLayers().values())
    truth = next(layer for layer in project.mapLayers().values() if layer.name() == "True trends")
    assert isinstance(truth.renderer(), QgsCategorizedSymbolRenderer) and truth.renderer().classAttribute() == "true_code"
    assert isinstance(sample_map.main_layer("city", project), QgsRasterLayer)
    for part, title in zip(parts, titles):
        assert project.mapThemeCollection().mapThemeVisibleLayers(title), title
        sample_map.show_part(part, project)
        shown = [group.name() for group in project.layerTreeRoot().findGroups() if group.itemVisibilityChecked()]
        assert shown == [title]
    # What was written opens again, in its place, with everything.
    project.clear()
    assert project.read(str(made.project)) and sample_map.parts_of(project) == parts
    project.clear()


def test_record_is_of_whole_samples_of_this_version_only(tmp_path, monkeypatch):
    made = sample.make(tmp_path, fake_run)
    assert sample.known(tmp_path) == made
    made.path("valley", "output").unlink()
    assert sample.known(tmp_path) is None
    sample.make(tmp_path, fake_run)
    monkeypatch.setattr(sample, "__version__", "9.9")
    assert sample.known(tmp_path) is None
    (tmp_path / sample.RECORD).write_text("{")
    assert sample.known(tmp_path) is None


def test_part_that_cannot_be_made_is_left_out_and_said_so(tmp_path):
    def run(job, report):
        if job.what == "interferograms":
            raise StillpointError("whirlwind-insar is not installed.")
        return fake_run(job, report)

    made = sample.make(tmp_path, run)
    assert set(made.files) == {"valley", "city", "surge"}
    assert "whirlwind-insar is not installed" in made.notes[0]

    def nothing(job, report):
        raise StillpointError("The engine is gone.")

    with pytest.raises(StillpointError, match="The engine is gone"):
        sample.make(tmp_path, nothing)
    assert sample.known(tmp_path) is None


def test_folder_must_be_writable_and_have_room(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StillpointError, match="cannot be made"):
        sample.check_folder(tmp_path / "file" / "folder")
    monkeypatch.setattr(sample, "DISK_NEEDED", 1e20)
    with pytest.raises(StillpointError, match="MB free"):
        sample.check_folder(tmp_path)


# The window


@pytest.fixture
def dialog(qgis_iface, qtbot, tmp_path, monkeypatch):
    settings.put("sample-folder", str(tmp_path / "sample"))
    made = SampleDialog(qgis_iface, qgis_iface.mainWindow())
    made.show()
    yield made
    tasks.cancel_all()
    qtbot.waitUntil(lambda: not tasks._running, timeout=5000)
    made.close()
    settings.put("sample-folder", "")


def test_window_makes_it_once_and_opens_it_then(dialog, qtbot, monkeypatch):
    from qgis.core import QgsVectorLayer

    calls = []

    def make(folder, run, report):
        calls.append(folder)
        return sample.Sample(folder, {"valley": {"output": "x"}})

    def build(found, project):
        layer = QgsVectorLayer("Point?crs=EPSG:32632", "Points", "memory")
        layer.setCustomProperty(sample_map.PART, "valley")
        layer.setCustomProperty(sample_map.MAIN, True)
        project.addMapLayer(layer)

    monkeypatch.setattr(sample, "make", make)
    monkeypatch.setattr(sample_map, "make_project", build)
    ready = []
    dialog.ready.connect(ready.append)
    assert "will be made" in dialog.state.text() and dialog.anew.isHidden()
    dialog.run_button.click()
    qtbot.waitUntil(lambda: dialog.work is None, timeout=5000)
    assert ready == [True] and len(calls) == 1 and not dialog.isVisible()
    monkeypatch.setattr(sample, "known", lambda folder: sample.Sample(folder, {"valley": {"output": "x"}}))
    dialog.show()
    dialog._look()
    assert "opens at once" in dialog.state.text() and not dialog.anew.isHidden()
    dialog.tour.setChecked(False)
    dialog.run_button.click()
    assert ready == [True, False] and len(calls) == 1


def test_project_of_the_user_stays_where_saving_is_cancelled(dialog, qtbot, monkeypatch):
    monkeypatch.setattr(sample, "known", lambda folder: sample.Sample(folder, {"valley": {"output": "x"}}))
    dialog.iface.newProject = lambda ask: False
    dialog.run_button.click()
    assert "stays open" in dialog.message.text() and dialog.isVisible()


def test_earlier_project_is_replaced_only_when_agreed(dialog, monkeypatch, qtbot):
    folder = dialog.chosen()
    folder.mkdir()
    (folder / sample.PROJECT).write_text("work of somebody")
    asked = []
    monkeypatch.setattr(QMessageBox, "question", lambda *given: asked.append(given[2]) or QMessageBox.StandardButton.Cancel)
    dialog.run_button.click()
    assert "will be replaced" in asked[0] and dialog.work is None


def test_project_that_somebody_changed_is_put_aside(dialog, monkeypatch):
    """Data and project are there, but nothing of the sample is in the project any more."""
    from qgis.core import QgsVectorLayer

    folder = dialog.chosen()
    folder.mkdir()
    (folder / sample.PROJECT).write_text("work of somebody")
    (folder / "stillpoint sample (old).qgz").write_text("older work")

    def build(found, project):
        layer = QgsVectorLayer("Point?crs=EPSG:32632", "Points", "memory")
        layer.setCustomProperty(sample_map.PART, "valley")
        layer.setCustomProperty(sample_map.MAIN, True)
        project.addMapLayer(layer)
        found.project.write_text("made")

    monkeypatch.setattr(sample, "known", lambda folder: sample.Sample(folder, {"valley": {"output": "x"}}))
    monkeypatch.setattr(sample_map, "make_project", build)
    dialog.run_button.click()
    texts = {path.name: path.read_text() for path in folder.iterdir()}
    assert texts == {
        sample.PROJECT: "made", "stillpoint sample (old).qgz": "older work", "stillpoint sample (old 2).qgz": "work of somebody",
    }  # fmt: skip


def test_cancel_is_said(dialog, qtbot, monkeypatch):
    def make(folder, run, report):
        raise Cancelled

    monkeypatch.setattr(sample, "make", make)
    dialog.run_button.click()
    qtbot.waitUntil(lambda: dialog.work is None, timeout=5000)
    assert "not made" in dialog.message.text()
