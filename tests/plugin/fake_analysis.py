"""Runs recipes as the engine does, each of their jobs faked: its outputs are copies of files in the folder FAKE_ENGINE_FOLDER."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
import traceback
from pathlib import Path

DETAILS = {
    "select-interferograms": {"pairs": 13, "kept": 11, "dropped": 2}, "select-scatterers": {"pixels": 4800, "selected": 900},
    "estimate-series": {"points": 900, "dates": 30}, "classify-trends": {"points": 900, "classes": {"Stable": 600, "Linear": 300}},
    "track-offsets": {"nodes": 192, "measured": 190, "largest_px": 3.2},
}  # fmt: skip


def run(number, form, send, cancelled):
    """Do a job ``run-analysis``."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "models"))
    import launch

    sys.path.pop(0)
    launch.register()
    from stillpoint.models import dispatch, jobs
    from stillpoint.models.analysis import run_analysis
    from stillpoint.models.errors import Cancelled, StillpointError
    from stillpoint.models.progress import Progress

    dispatch.run = fake
    progress = Progress(
        lambda fraction, message: send("progress", id=number, fraction=fraction, message=message), lambda: number in cancelled,
        figures=lambda row: send("figures", id=number, row=row),
    )  # fmt: skip
    try:
        result = run_analysis(jobs.from_dict(form), progress)
    except Cancelled as stop:
        send("cancelled", id=number, message=str(stop))
    except StillpointError as error:
        send("error", id=number, kind="user", message=str(error), detail="")
    except Exception as error:
        send("error", id=number, kind="memory", message=f"{error}", detail=traceback.format_exc())
    else:
        send("result", id=number, result=result.to_dict())


def fake(job, progress):
    """Do a step: a method of its own fails, hangs, dies or runs out of memory."""
    from stillpoint.models.errors import StillpointError
    from stillpoint.models.jobs import Result

    method = getattr(job, "method", "")
    progress(0.1, f"{job.task} begins")
    if method == "unet":
        raise StillpointError("There are too few dates. Choose a longer stack.")
    if method == "clstm_iss":
        os.kill(os.getpid(), signal.SIGKILL)
    for step in range(600 if method == "cnn_iss" else 0):
        progress(step / 600, f"step {step}")
        time.sleep(0.05)
    outputs = {}
    for item in job.parameters():
        path = getattr(job, item.name)
        if item.metadata["kind"].endswith("-output") and path:
            shutil.copy(Path(os.environ["FAKE_ENGINE_FOLDER"]) / f"{job.task}.{item.name}", path)
            outputs[item.name] = path
    progress(0.9, f"{job.task} writes")
    return Result(outputs, f"{job.task} is done.", dict(DETAILS.get(job.task, {})))
