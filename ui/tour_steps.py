"""The steps of the tour: what is said, what is pointed at, and how it is seen that the user did it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, List, Optional, Set

from qgis.core import QgsProject, QgsVectorLayer
from qgis.PyQt.QtWidgets import QDialog, QToolButton, QWidget

from stillpoint.plugin import offsets_layers, scatterers
from stillpoint.plugin.language import tr
from stillpoint.plugin.sample import CITY, NETWORK, SURGE, VALLEY


class Stage:
    """What the steps look at: the plugin, its windows and the project, and what was there when a step began.

    Parameters
    ----------
    plugin
        The plugin, with its toolbar, dialogs and docks.
    """

    def __init__(self, plugin: Any) -> None:
        self.plugin = plugin
        self.iface = plugin.iface
        self._before: Set[str] = set()
        self._picks: List[Any] = []

    def begin(self) -> None:
        """Remember what is there, so that only what the user does from now on counts."""
        self._before = set(QgsProject.instance().mapLayers())
        self._picks = self.picks()

    def new_layers(self) -> List[Any]:
        """Return the layers that came since the step began."""
        return [layer for name, layer in QgsProject.instance().mapLayers().items() if name not in self._before]

    def button(self, name: str) -> Optional[QWidget]:
        """Return the toolbar's button of an action; where the toolbar is too narrow for it, the one that opens the rest."""
        bar = self.plugin.toolbar
        if bar is None:
            return None
        for action in self.plugin.actions:
            if action.objectName() == f"stillpoint_{name}":
                button: Optional[QWidget] = bar.widgetForAction(action)
                if button is not None and button.isVisible():
                    return button
        more: Optional[QWidget] = bar.findChild(QToolButton, "qt_toolbar_ext_button")
        return more if more is not None and more.isVisible() else bar

    def dialog(self, name: str) -> Optional[QDialog]:
        """Return a dialog of the plugin that is open."""
        return next(
            (dialog for dialog in self.plugin.dialogs if dialog.objectName() == name and dialog.isVisible()), None
        )

    def run_button(self, name: str) -> Optional[QWidget]:
        """Return the button of an open dialog that starts its job."""
        dialog = self.dialog(name)
        button: Optional[QWidget] = getattr(dialog, "run_button", None)
        return button

    def picks(self) -> List[Any]:
        """Return the points whose series are shown."""
        dock = self.plugin.viewer_dock
        return list(dock.picks()) if dock is not None and dock.isVisible() else []

    def picked(self) -> bool:
        """Whether the user picked another point since the step began."""
        return bool(self.picks()) and self.picks() != self._picks

    def board(self) -> Optional[QWidget]:
        """Return the triage board where it is open on a selection."""
        board: Optional[QWidget] = self.plugin.board
        return board if board is not None and board.isVisible() and getattr(board, "triage", None) is not None else None


def _nothing(_stage: Stage) -> None:
    return None


def _never(_stage: Stage) -> bool:
    return False


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes
    ----------
    id
        Its fixed name.
    title, text
        What the bubble says.
    part
        The part of the sample that is shown; the step is left out where the project has no such part.
    target
        What it points at.
    done
        Whether the user did it; then the tour goes on by itself. Steps that only tell something are never done.
    dialog
        The dialog that the step is about: where it is closed without having done it, the tour goes back a step; where it is done,
        the tour closes it.
    forward
        Text of the button that goes on.
    enter
        What the tour does for the user when the step begins.
    in_target
        True puts the bubble into the window of the target, where that is a window large enough for both.
    """

    id: str
    title: str
    text: str
    part: str = ""
    target: Callable[[Stage], Optional[QWidget]] = _nothing
    done: Callable[[Stage], bool] = _never
    dialog: str = ""
    forward: str = ""
    enter: Callable[[Stage], None] = _nothing
    in_target: bool = False


def has_trends(stage: Stage) -> bool:
    """Whether a classified layer came."""
    return any(
        isinstance(layer, QgsVectorLayer) and layer.fields().lookupField("trend_code") >= 0 for layer in stage.new_layers()
    )


def has_probability(stage: Stage) -> bool:
    """Whether a selection of scatterers came."""
    return any(layer in stage.new_layers() for layer in scatterers.probability_layers())


def has_offsets(stage: Stage) -> bool:
    """Whether offsets came."""
    return any(layer.customProperty(offsets_layers.ROLE) for layer in stage.new_layers())


def steps() -> List[Step]:
    """Return the steps in the user's language."""
    def opening(name: str, dialog: str, title: str, text: str, part: str) -> Step:
        return Step(
            f"{name}-open", title, text, part, lambda stage: stage.button(name),
            lambda stage: stage.dialog(dialog) is not None,
        )  # fmt: skip

    def running(name: str, dialog: str, title: str, text: str, part: str, done: Callable[[Stage], bool]) -> Step:
        return Step(f"{name}-run", title, text, part, lambda stage: stage.run_button(dialog), done, dialog)

    return [
        Step(
            "start", tr("A valley that moves"),
            tr("Each point carries its displacement along the line of sight of a radar satellite at 139 dates. All of it is "
               "simulated, so the truth is known: it lies in the layer True trends. This tour takes some ten minutes; close it "
               "whenever you like."),
            VALLEY, forward=tr("Next"),
        ),
        opening(
            "classify", "StillpointClassify", tr("How does each point move?"),
            tr("A network gives every point one of five classes: stable, linear, quadratic, bilinear, or a phase unwrapping error. "
               "Click Classify Trends."), VALLEY,
        ),
        running(
            "classify", "StillpointClassify", tr("Classify"),
            tr("The points of the valley are chosen already. Click Classify: it runs in the background, and QGIS stays yours. The "
               "first start of the engine takes some seconds."), VALLEY, has_trends,
        ),
        Step(
            "series-open", tr("Look at a series"),
            tr("The landslides stand out by their classes. To see why a point has its class, open the Series Viewer."),
            VALLEY, lambda stage: stage.button("series"),
            lambda stage: stage.plugin.viewer_dock is not None and stage.plugin.viewer_dock.isVisible(),
        ),
        Step(
            "series-pick", tr("Click on a point"),
            tr("Click on a coloured point in the map. Its displacements appear with the fitted trend, the velocity and the "
               "probability of each class. Shift adds a "
               "point to compare."),
            VALLEY, lambda stage: stage.iface.mapCanvas(), Stage.picked,
            enter=lambda stage: stage.plugin.viewer_dock.activate() if stage.plugin.viewer_dock is not None else None,
        ),
        Step(
            "series-read", tr("The series of a point"),
            tr("Dots are what was measured, the line is the trend. Try a point of each colour, then go on to a city seen by "
               "radar."),
            VALLEY, lambda stage: stage.plugin.viewer_dock, forward=tr("Next"),
        ),
        opening(
            "select", "StillpointSelect", tr("Which pixels can be trusted?"),
            tr("24 radar images of a city on a river. Pixels that stay the same from image to image, persistent scatterers (PS), "
               "are those whose phase means something. Click Select Scatterers."), CITY,
        ),
        running(
            "select", "StillpointSelect", tr("Select"),
            tr("The stack of images is chosen already. Click Select: the network judges every pixel by its history."),
            CITY, has_probability,
        ),
        Step(
            "select-threshold", tr("Move the threshold"),
            tr("The map shows how probable it is that a pixel is a PS. Move the slider of PS Threshold and watch the city keep its "
               "houses while river and fields lose their last pixels. The layer True PS tells what is right."),
            CITY, lambda stage: stage.plugin.threshold_dock, forward=tr("Next"),
        ),
        opening(
            "interferograms", "StillpointSelectInterferograms", tr("Which interferograms are good?"),
            tr("One of these interferograms is decorrelated, and one is unwrapped wrongly. Click Select Interferograms to find "
               "them."),
            NETWORK,
        ),
        running(
            "interferograms", "StillpointSelectInterferograms", tr("Judge them"),
            tr("Click the button that starts it. Every interferogram gets a score, and a reason where it is dropped."), NETWORK,
            lambda stage: stage.board() is not None,
        ),
        Step(
            "interferograms-board", tr("The triage board"),
            tr("The worst come first. Look at the pictures and at the network above; one key keeps or drops a pair (F1 lists all "
               "keys). Go on when you have seen enough: the board is then closed."),
            NETWORK, Stage.board, forward=tr("Next"), in_target=True,
        ),
        opening(
            "offsets", "StillpointTrackOffsets", tr("How far did the ice go?"),
            tr("Two amplitude images of a glacier, some days apart. Where the phase is lost, features can still be followed. Click "
               "Track Offsets."), SURGE,
        ),
        running(
            "offsets", "StillpointTrackOffsets", tr("Track"),
            tr("Both images are chosen already. Click Track: magnitude, direction and standard errors come back as maps with "
               "arrows."),
            SURGE, has_offsets,
        ),
        Step(
            "end", tr("That was the tour"),
            tr("All four work in the same way on data of yours: open them with Open Stack or as a layer, or use the Processing "
               "toolbox. New Analysis takes all steps one after the other; Report writes up the result. Every window has a Help "
               "button, and F1 opens the same page. Should something not work, the menu has Check the Environment."),
            forward=tr("Finish"),
        ),
    ]  # fmt: skip
