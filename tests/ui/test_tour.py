"""The tour, followed as a user would: it goes on when something was done, back when a window was closed, and works by keys."""

from __future__ import annotations

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QRect, Qt
from qgis.PyQt.QtWidgets import QDialog, QDockWidget, QPushButton, QWidget

from stillpoint.plugin import breath, sample_map, settings, toolbar
from stillpoint.ui import tour_steps
from stillpoint.ui.tour import SHOWN, Tour
from stillpoint.ui.tour_bubble import Bubble, Ring


class FakeDialog(QDialog):
    """A dialog as the tour sees one."""

    def __init__(self, name, parent):
        super().__init__(parent)
        self.setObjectName(name)
        self.work = None
        self.run_button = QPushButton("Run", self)
        self.resize(200, 100)


class FakeDock(QDockWidget):
    """The series viewer."""

    def __init__(self, parent):
        super().__init__(parent)
        self.shown, self.active = [], False

    def picks(self):
        return self.shown

    def activate(self):
        self.active = True


class FakePlugin:
    """What of the plugin the tour looks at."""

    def __init__(self, iface):
        self.iface = iface
        self.toolbar = iface.addToolBar("Stillpoint")
        self.actions = []
        for name in ("classify", "series", "select", "interferograms", "offsets"):
            action = self.toolbar.addAction(name)
            action.setObjectName(f"stillpoint_{name}")
            self.actions.append(action)
        self.dialogs = []
        self.viewer_dock = self.threshold_dock = self.board = None
        self.asked = []

    def sample(self, then_tour=False):
        self.asked.append(then_tour)

    def open(self, name):
        dialog = FakeDialog(name, self.iface.mainWindow())
        self.dialogs.append(dialog)
        dialog.show()
        return dialog


def points(name, fields="", **properties):
    layer = QgsVectorLayer(f"Point?crs=EPSG:32632{fields}", name, "memory")
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(600000, 5100000)))
    layer.dataProvider().addFeature(feature)
    for key, value in properties.items():
        layer.setCustomProperty(key, value)
    return layer


@pytest.fixture
def plugin(qgis_iface):
    qgis_iface.mainWindow().resize(1000, 700)
    qgis_iface.mainWindow().show()
    for name in (SHOWN, "tour-step"):
        settings.put(name, "")
    yield FakePlugin(qgis_iface)
    for name in (SHOWN, "tour-step"):
        settings.put(name, "")


@pytest.fixture
def tour(plugin):
    made = Tour(plugin)
    yield made
    made.unload()


@pytest.fixture
def valley(plugin):
    """A project with one part of the sample."""
    layer = points("Points")
    layer.setCustomProperty(sample_map.PART, "valley")
    layer.setCustomProperty(sample_map.MAIN, True)
    project = QgsProject.instance()
    project.addMapLayer(layer, False)
    project.layerTreeRoot().addGroup("Valley").addLayer(layer)
    return layer


def ids(tour):
    return [step.id for step in tour.steps]


def test_welcome_is_shown_once(tour, plugin, qtbot):
    tour.welcome()
    assert tour.bubble.isVisible() and "Welcome" in tour.bubble.title.text()
    qtbot.mouseClick(tour.bubble.back_button, Qt.MouseButton.LeftButton)
    assert not tour.bubble.isVisible() and plugin.asked == []
    tour.welcome()
    assert not tour.bubble.isVisible()


def test_welcome_leads_to_the_sample(tour, plugin, qtbot):
    tour.welcome()
    qtbot.mouseClick(tour.bubble.next_button, Qt.MouseButton.LeftButton)
    assert plugin.asked == [True] and tour.step is None


def test_steps_are_those_of_the_parts_that_are_there(tour, valley):
    tour.begin()
    assert ids(tour) == ["start", "classify-open", "classify-run", "series-open", "series-pick", "series-read", "end"]
    assert tour.bubble.place.text() == "1 of 7"
    assert tour.plugin.iface.activeLayer() is valley


def test_it_goes_on_when_things_are_done(tour, plugin, valley, qtbot):
    tour.begin()
    qtbot.mouseClick(tour.bubble.next_button, Qt.MouseButton.LeftButton)
    assert tour.step.id == "classify-open"
    assert tour.ring.isVisible() and tour.ring.parentWidget() is plugin.iface.mainWindow()
    dialog = plugin.open("StillpointClassify")
    qtbot.waitUntil(lambda: tour.step.id == "classify-run", timeout=3000)
    assert tour.ring.parentWidget() is dialog  # around its button
    QgsProject.instance().addMapLayer(points("Trends", "&field=trend_code:integer"))
    qtbot.waitUntil(lambda: tour.step.id == "series-open", timeout=3000)
    assert not dialog.isVisible()
    assert not QgsProject.instance().layerTreeRoot().findLayer(valley.id()).itemVisibilityChecked()
    plugin.viewer_dock = FakeDock(plugin.iface.mainWindow())
    plugin.viewer_dock.show()
    qtbot.waitUntil(lambda: tour.step.id == "series-pick", timeout=3000)
    assert plugin.viewer_dock.active
    plugin.viewer_dock.shown = ["a point"]
    qtbot.waitUntil(lambda: tour.step.id == "series-read", timeout=3000)


def test_layer_that_was_there_before_does_not_count(tour, plugin, valley, qtbot):
    QgsProject.instance().addMapLayer(points("Old", "&field=trend_code:integer"))
    settings.put("tour-step", "classify-run")
    plugin.open("StillpointClassify")
    tour.begin()
    tour.look()
    assert tour.step.id == "classify-run"


def test_closed_dialog_leads_back_unless_it_works_on(tour, plugin, valley, qtbot):
    dialog = plugin.open("StillpointClassify")
    settings.put("tour-step", "classify-run")
    tour.begin()
    dialog.work = object()
    dialog.close()
    tour.look()
    assert tour.step.id == "classify-run"
    dialog.work = None
    tour.look()
    assert tour.step.id == "classify-open"


def test_skip_leaves_a_window_out_and_back_returns(tour, valley, qtbot):
    tour.begin()
    for wanted in ("classify-open", "series-open", "series-pick"):
        qtbot.mouseClick(tour.bubble.next_button, Qt.MouseButton.LeftButton)
        assert tour.step.id == wanted
    for wanted in ("series-open", "classify-open", "start"):
        qtbot.mouseClick(tour.bubble.back_button, Qt.MouseButton.LeftButton)
        assert tour.step.id == wanted
    assert tour.bubble.back_button.isHidden()


def test_keys_go_on_and_escape_closes_and_it_resumes(tour, valley, qtbot):
    tour.begin()
    qtbot.keyClick(tour.bubble.next_button, Qt.Key.Key_Return)
    assert tour.step.id == "classify-open"
    qtbot.keyClick(tour.bubble.next_button, Qt.Key.Key_Escape)
    assert tour.step is None and not tour.bubble.isVisible() and not tour.ring.isVisible()
    tour.begin()
    assert tour.step.id == "classify-open"
    tour.restart()
    assert tour.step.id == "start"


def test_last_step_ends_it(tour, valley, qtbot):
    settings.put("tour-step", "end")
    tour.begin()
    assert tour.bubble.next_button.text() == "Finish"
    qtbot.mouseClick(tour.bubble.next_button, Qt.MouseButton.LeftButton)
    assert tour.step is None and settings.get("tour-step") == ""


def test_it_waits_while_layers_are_added(tour, valley):
    tour.begin()
    QgsProject.instance().clear()
    with breath.held():
        tour.look()
        assert tour.step is not None
    tour.look()
    assert tour.step is None


def test_another_project_ends_it(tour, valley):
    tour.begin()
    QgsProject.instance().clear()
    tour.look()
    assert tour.step is None


def test_all_steps_are_short_and_point_at_buttons_that_exist(qgis_app):
    from pathlib import Path

    in_toolbar = {entry.icon for entry in toolbar.entries() if entry.toolbar}
    found = tour_steps.steps()
    assert len({step.id for step in found}) == len(found)
    for step in found:
        assert 20 < len(step.text) < 330, step.id
        if step.id.endswith("-open"):
            assert step.id[:-5] in in_toolbar, step.id
        if step.dialog:
            assert any(step.dialog in path.read_text() for path in Path(tour_steps.__file__).parent.glob("*.py")), step.id


# The bubble


@pytest.fixture
def window(qtbot):
    made = QWidget()
    made.resize(900, 600)
    qtbot.addWidget(made)
    made.show()
    return made


def test_bubble_keeps_its_size_and_stays_within_the_window(window, qgis_app):
    target = QWidget(window)
    bubble = Bubble()
    bubble.say("Title", "Words that take more than a line. " * 6, place="1 of 2", back="Back", forward="Next")
    sizes = set()
    for spot in ((0, 0), (860, 0), (860, 560), (0, 560), (400, 300)):
        target.setGeometry(QRect(*spot, 40, 40))
        target.show()
        for _ in range(3):
            bubble.point_at(window, target)
        sizes.add((bubble.width(), bubble.height()))
        assert window.rect().contains(bubble.geometry()), spot
        assert not bubble.geometry().intersects(target.geometry()), spot
    assert len(sizes) == 1


def test_bubble_gets_out_of_the_way_of_a_dialog(window, qgis_app):
    bubble = Bubble()
    bubble.say("Title", "Words.", forward="Next")
    bubble.point_at(window, None)
    corner = bubble.geometry()
    there = QRect(window.mapToGlobal(corner.topLeft()), corner.size())
    bubble.point_at(window, None, avoid=there)
    assert not bubble.geometry().intersects(corner)


def test_ring_lets_clicks_through(window, qtbot):
    button = QPushButton("Here", window)
    button.setGeometry(100, 100, 80, 30)
    button.show()
    ring = Ring()
    ring.surround(button)
    assert ring.isVisible() and ring.geometry().contains(button.geometry())
    clicked = []
    button.clicked.connect(lambda: clicked.append(1))
    assert window.childAt(button.geometry().center()) is button
    ring.surround(None)
    assert not ring.isVisible()
