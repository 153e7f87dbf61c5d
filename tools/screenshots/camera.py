"""The photographer inside QGIS: waits until things are done, tidies the window, and saves what the screen shows."""

from __future__ import annotations

from typing import Any, Callable, List, Tuple

from qgis.core import QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QEventLoop, Qt, QTimer
from qgis.PyQt.QtGui import QColor, QPainter, QPen, QPixmap
from qgis.PyQt.QtWidgets import QApplication, QDialog, QDockWidget, QToolBar, QWidget
from qgis.utils import iface

from stillpoint.tools.screenshots.scene import FOLDER


def wait(seconds: float) -> None:
    """Let QGIS work for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec() if hasattr(loop, "exec") else loop.exec_()


def wait_until(done: Callable[[], bool], seconds: float = 120) -> None:
    """Let QGIS work until something is done."""
    for _ in range(round(4 * seconds)):
        if done():
            return
        wait(0.25)
    raise TimeoutError("waited too long")


def wait_for_map() -> None:
    """Wait until the map is drawn, and is not drawn anew a moment later."""
    quiet = 0
    for _ in range(120):
        wait(0.5)
        quiet = 0 if iface.mapCanvas().isDrawing() else quiet + 1
        if quiet == 3:
            return


def photograph(name: str) -> None:
    """Save what the whole screen shows."""
    _screen().save(str(FOLDER / f"{name}.png"))


def photograph_dialog(name: str, dialog: QWidget) -> None:
    """Save a window, with a plain frame and title around it as a window manager would draw them."""
    picture = _screen()
    inner = dialog.geometry()
    bar = inner.adjusted(0, -28, 0, 0)
    bar.setHeight(28)
    painter = QPainter(picture)
    painter.fillRect(bar, QColor("#3b4252"))
    painter.setPen(QColor("#eceff4"))
    painter.drawText(bar, int(Qt.AlignmentFlag.AlignCenter), dialog.windowTitle())
    painter.setPen(QPen(QColor("#3b4252"), 2))
    painter.drawRect(inner.adjusted(0, -28, 0, 0))
    painter.end()
    picture.copy(inner.adjusted(-1, -28, 1, 1)).save(str(FOLDER / f"{name}.png"))


def _screen() -> QPixmap:
    iface.mainWindow().statusBar().clearMessage()
    QApplication.processEvents()
    wait(0.4)
    return QApplication.primaryScreen().grabWindow(0)


def tidy(window: Any) -> None:
    """Fill the screen with the window, and leave only what a reader of the picture needs."""
    screen = QApplication.primaryScreen().geometry()
    window.showNormal()
    window.setGeometry(0, 0, screen.width(), screen.height())
    keep = {"StillpointToolBar", "mMapNavToolBar", "mAttributesToolBar", "mFileToolBar"}
    for bar in window.findChildren(QToolBar):
        if bar.parent() is window:
            bar.setVisible(bar.objectName() in keep)
    for dock in window.findChildren(QDockWidget):
        if dock.objectName() not in ("Layers", "StillpointSeriesViewer", "StillpointThreshold", "StillpointPixel"):
            dock.close()
    layers = window.findChild(QDockWidget, "Layers")
    if layers is not None:
        layers.show()
        window.resizeDocks([layers], [330], Qt.Orientation.Horizontal)


def place(dialog: QWidget) -> None:
    """Centre a window on the screen; there is no window manager to do it."""
    screen = QApplication.primaryScreen().geometry()
    dialog.adjustSize() if dialog.height() > screen.height() else None
    dialog.move((screen.width() - dialog.width()) // 2, max(40, (screen.height() - dialog.height()) // 2))
    dialog.raise_()


def new_dialog(open_it: Callable[[], Any]) -> QDialog:
    """Return the dialog that ``open_it`` brings up."""
    before = {id(widget) for widget in QApplication.topLevelWidgets() if widget.isVisible()}
    open_it()
    for _ in range(60):
        wait(0.5)
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog) and widget.isVisible() and id(widget) not in before:
                return widget
    raise LookupError("no dialog came up")


def clear(*keep: str) -> None:
    """Begin anew: an empty project, no messages, no docks but those of the layers and the ones named."""
    QgsProject.instance().clear()
    iface.messageBar().clearWidgets()
    window = iface.mainWindow()
    tidy(window)
    for dock in window.findChildren(QDockWidget):
        if dock.objectName() not in ("Layers", *keep):
            dock.hide()


def choose(box: Any, data: Any) -> None:
    """Choose the entry of a combo box that stands for ``data``."""
    box.setCurrentIndex(box.findData(data))


def classified_layer() -> QgsVectorLayer:
    """Return the first classified layer of the project."""
    for layer in QgsProject.instance().mapLayers().values():
        if isinstance(layer, QgsVectorLayer) and layer.fields().lookupField("trend_code") >= 0:
            return layer
    raise LookupError("the project has no classified layer")


def sure_point(layer: QgsVectorLayer, code: int) -> int:
    """Return a feature of a class that shows it well: high confidence, strong motion."""
    best: List[Tuple[float, int]] = []
    for feature in layer.getFeatures(f"trend_code = {code} AND confidence > 0.9"):
        speed = max((abs(feature[name]) for name in ("velocity", "velocity_2") if isinstance(feature[name], float)), default=0)
        best.append((speed if code else -speed, feature.id()))
        if len(best) >= 400:
            break
    return max(best)[1] if best else next(layer.getFeatures()).id()
