"""Dialogs whose jobs write rasters offer Cloud-Optimised GeoTIFF, and remember the choice."""

from __future__ import annotations

import pytest

pytest.importorskip("qgis.core")

from stillpoint.models.jobs import JOBS
from stillpoint.ui import select_dialog, select_interferograms_dialog, track_offsets_dialog

DIALOGS = [
    (select_dialog.SelectDialog, "select-scatterers"),
    (select_interferograms_dialog.SelectInterferogramsDialog, "select-interferograms"),
    (track_offsets_dialog.TrackOffsetsDialog, "track-offsets"),
]


def test_every_job_with_the_choice_has_a_dialog_here():
    offering = {task for task, job in JOBS.items() if any(item.name == "cog" for item in job.parameters())}
    assert offering == {task for _, task in DIALOGS}


@pytest.mark.parametrize(("kind", "task"), DIALOGS, ids=[task for _, task in DIALOGS])
def test_the_choice_is_offered_and_off(kind, task, qgis_iface, qtbot):
    dialog = kind(qgis_iface, qgis_iface.mainWindow())
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.more.setCollapsed(False)
    box = dialog.advanced.widgets["cog"]
    assert box.text() == "Cloud-optimised" and not box.isChecked() and "over a network" in box.toolTip()
    box.click()
    assert dialog.advanced.values()["cog"] is True
    dialog.advanced.set_values({"cog": False})
    assert not box.isChecked()
