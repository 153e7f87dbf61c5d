"""The help: every window and dock has a button and F1 that open the right page, and every page is whole."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import pytest

pytest.importorskip("qgis.core")

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QDockWidget, QLineEdit, QMainWindow, QVBoxLayout, QWidget

from stillpoint.ui import help_dialog
from stillpoint.ui.help_dialog import PAGES, HelpDialog, show_help
from stillpoint.ui.help_keys import HelpKey, give_help, help_button
from stillpoint.ui.job_dialog import JobDialog

TOPICS = sorted(path.stem for path in PAGES.glob("*.md"))
UI = Path(help_dialog.__file__).parent


def shown(parent):
    return [child for child in parent.findChildren(HelpDialog) if child.isVisible()]


@pytest.mark.parametrize("topic", TOPICS)
def test_page_is_whole_and_its_links_lead_somewhere(topic, qgis_app, qtbot):
    text = (PAGES / f"{topic}.md").read_text(encoding="utf-8")
    assert text.startswith("# ") and len(text) > 300
    for target in re.findall(r"\]\(([^)#]+)", text):
        assert target.startswith("http") or (PAGES / target).is_file(), target
    dialog = HelpDialog(topic=topic)
    qtbot.addWidget(dialog)
    assert len(dialog.browser.toPlainText()) > 200


def test_every_page_is_in_the_contents():
    start = (PAGES / "start.md").read_text(encoding="utf-8")
    assert [topic for topic in TOPICS if topic != "start" and f"({topic}.md)" not in start] == []


def test_links_and_back_work(qtbot, qgis_app):
    dialog = HelpDialog(topic="start")
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.back_button.isEnabled()
    dialog._follow(help_dialog.QUrl("doctor.md"))
    assert "Check the environment" in dialog.browser.toPlainText() and dialog.back_button.isEnabled()
    dialog.back_button.click()
    assert "New here?" in dialog.browser.toPlainText()
    dialog.open_topic("no such page")
    assert "New here?" in dialog.browser.toPlainText()


def test_second_f1_turns_the_page_that_is_open(qtbot, qgis_app):
    parent = QWidget()
    qtbot.addWidget(parent)
    first = show_help("start", parent)
    assert show_help("setup", parent) is first and len(shown(parent)) == 1
    assert "Create the environment" in first.browser.toPlainText()


def test_f1_works_from_any_field_of_a_dock(qtbot, qgis_app):
    """QGIS has F1 for its own help: the dock takes the key before that is looked at."""
    window = QMainWindow()
    qtbot.addWidget(window)
    taken = []
    menu = window.menuBar().addMenu("Help")
    menu.addAction("Contents", lambda: taken.append(1)).setShortcut("F1")
    dock = QDockWidget(window)
    field = QLineEdit()
    inner = QWidget()
    QVBoxLayout(inner).addWidget(field)
    dock.setWidget(inner)
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
    give_help(dock, "results")
    window.show()
    qtbot.waitExposed(window)
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_F1)
    assert len(shown(dock)) == 1 and taken == []
    qtbot.keyClick(field, Qt.Key.Key_F1, Qt.KeyboardModifier.ControlModifier)
    assert len(shown(dock)) == 1


def test_button_opens_the_page(qtbot, qgis_app):
    parent = QWidget()
    qtbot.addWidget(parent)
    button = help_button(give_help(parent, "offsets"))
    qtbot.addWidget(button)
    button.click()
    assert "Offsets" in shown(parent)[0].browser.toPlainText()


WINDOW = r"class (\w+)\((?:QDialog|JobDialog|MapDock|QgsDockWidget|QMainWindow)\)"


def classes():
    """Return the windows and docks in the user interface, by reading it."""
    found = []
    for path in sorted(UI.glob("*.py")):
        for name in re.findall(WINDOW, path.read_text(encoding="utf-8")):
            if name not in ("JobDialog", "MapDock", "HelpDialog"):
                found.append(getattr(importlib.import_module(f"stillpoint.ui.{path.stem}"), name))
    return found


def test_every_window_and_dock_has_a_page(qgis_app):
    missing = []
    for kind in classes():
        source = inspect.getsource(inspect.getmodule(kind))
        topic = getattr(kind, "HELP", "")
        given = re.findall(r"(?:give_help\(self,|show_help\() ?\"(\w+)\"", source) + ([topic] if topic else [])
        if not given or not set(given) <= set(TOPICS):
            missing.append(kind.__name__)
    assert missing == []


def test_job_dialogs_take_f1(qtbot, qgis_app):
    class Some(JobDialog):
        HELP = "classify"

    dialog = Some(None, name="x", title="x")
    qtbot.addWidget(dialog)
    assert [key.topic for key in dialog.findChildren(HelpKey)] == ["classify"]
