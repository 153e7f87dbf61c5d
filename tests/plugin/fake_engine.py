"""Speaks the worker's protocol without an engine; what it does follows from the name of the job's output."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from queue import Queue

cancelled = set()
requests = {}
commands = Queue()


def send(event, **values):
    sys.stdout.write(json.dumps({"event": event, **values}) + "\n")
    sys.stdout.flush()


def read():
    for line in sys.stdin:
        command = json.loads(line)
        if command["command"] == "cancel":
            cancelled.add(command["id"])
        elif command["command"] == "prepare":
            continue
        elif command["command"] in ("pause", "go-on", "finish"):
            requests[command["id"]] = command["command"]
        else:
            commands.put(command)
    os._exit(0)


DESCRIPTION = {
    "format": "EGMS L2b CSV", "count": 1234, "dates": ["2015-01-01", "2015-01-13", "2020-12-31"],
    "unit": "mm", "unit_reason": "format", "crs": "EPSG:3035", "wavelength": 0.0555, "sensor": "Sentinel-1",
    "attributes": [{"name": "pid", "kind": "text"}], "notes": ["Dates were reordered."],
}  # fmt: skip


def describe_stack(number, parameters):
    """Tell of a stack; of which one follows from the name of the source."""
    source = Path(parameters["sources"][0])
    if "single" in source.name:
        send("error", id=number, kind="user", message=f"{source} holds nothing that is known as a stack.", detail="")
        return
    details = json.loads((Path(__file__).parent / "stack_description.json").read_text())
    if parameters["format"] != "auto":
        details["format"] = parameters["format"]
    send("result", id=number, result={"summary": "12 interferograms", "details": details})


def select_scatterers(number, job, parameters):
    """Hand out the results that lie in the folder FAKE_ENGINE_FOLDER."""
    folder = Path(os.environ["FAKE_ENGINE_FOLDER"])
    outputs = {}
    for name, file in (("output", "mask"), ("probability", "probability"), ("points", "points"), ("noise", "noise")):
        if parameters[name]:
            ending = ".gpkg" if name == "points" else ".tif"
            Path(parameters[name]).write_bytes((folder / (file + ending)).read_bytes())
            outputs[name] = parameters[name]
    send("progress", id=number, fraction=0.5, message="half")
    send("result", id=number, result={
        "outputs": outputs, "summary": "900 PS of 4,800 pixels (18.8 %) in 3.2 s.", "details": {"job": job}, "warnings": [],
    })  # fmt: skip


def select_interferograms(number, job, parameters):
    """Hand out the table and the rasters that lie in the folder FAKE_ENGINE_FOLDER."""
    folder = Path(os.environ["FAKE_ENGINE_FOLDER"])
    outputs = {}
    for name, file in (("table", "table.csv"), ("output", "stack.tif"), ("velocity", "velocity.tif"), ("weights", "weights.tif")):
        if parameters[name]:
            Path(parameters[name]).write_bytes((folder / file).read_bytes())
            outputs[name] = parameters[name]
    send("progress", id=number, fraction=0.5, message="half")
    summary = "12 of 13 interferograms are kept, by default at threshold 0.5.\n  dropped 2018-01-27 2018-02-08: decorrelated"
    send("result", id=number, result={"outputs": outputs, "summary": summary, "details": {"job": job}, "warnings": []})


def track_offsets(number, job, parameters):
    """Hand out the offsets that lie in the folder FAKE_ENGINE_FOLDER."""
    Path(parameters["output"]).write_bytes((Path(os.environ["FAKE_ENGINE_FOLDER"]) / "offsets.tif").read_bytes())
    send("progress", id=number, fraction=0.5, message="half")
    send("result", id=number, result={
        "outputs": {"output": parameters["output"]}, "summary": "190 of 192 offsets measured (99.0%) in 1 pair.",
        "details": {"job": job}, "warnings": [],
    })  # fmt: skip


def hand_out(number, job, parameters):
    """Hand out the points that lie in the folder FAKE_ENGINE_FOLDER, with the details beside them."""
    folder = Path(os.environ["FAKE_ENGINE_FOLDER"])
    outputs = {}
    for name in ("output", "east"):
        if parameters.get(name):
            Path(parameters[name]).write_bytes((folder / f"{name}.gpkg").read_bytes())
            outputs[name] = parameters[name]
    details = json.loads((folder / "details.json").read_text())
    send("progress", id=number, fraction=0.5, message="half")
    send("result", id=number, result={"outputs": outputs, "summary": "done", "details": details, "warnings": []})


def train(number, job, parameters):
    """Send forty quick epochs, the best being the tenth; wait, go on and end early as asked."""
    epochs = parameters["epochs"] or 40
    send("figures", id=number, row={
        "about": "training", "metric": "val_f1", "larger_is_better": True, "epochs": epochs, "patience": 0,
    })  # fmt: skip
    done = 0
    for epoch in range(1, epochs + 1):
        if requests.get(number) == "pause":
            send("progress", id=number, fraction=done / epochs, message="Paused")
        while requests.get(number) == "pause" and number not in cancelled:
            time.sleep(0.01)
        if number in cancelled:
            send("cancelled", id=number)
            return
        if requests.get(number) == "finish":
            break
        time.sleep(0.02)
        done = epoch
        send("progress", id=number, fraction=epoch / epochs, message=f"epoch {epoch} of {epochs}, {epochs - epoch} s left")
        send("figures", id=number, row={
            "epoch": epoch, "step": 10 * epoch, "steps": 10 * epochs, "loss": 1.0 / epoch, "seconds": 0.02 * epoch,
            "best": epoch <= 10, "val_f1": 0.9 - 0.01 * abs(epoch - 10),
        })  # fmt: skip
    outputs = {"output": parameters["output"], "report": str(Path(parameters["output"]).with_suffix(".html"))}
    send("result", id=number, result={
        "outputs": outputs, "summary": f"{done} epochs", "details": {"epochs": done, "job": job, "comparison": COMPARISON},
    })  # fmt: skip


def compared(name, role, f1):
    figures = {"F1, mean of classes": f1, "accuracy": f1 + 0.02, "calibration error": 1 - f1, "answered": 1.0}
    classes = {"Stable": {"F1": f1 + 0.01}, "Linear": {"F1": None}}
    return {"name": name, "role": role, "figures": figures, "interval": [f1 - 0.02, f1 + 0.02], "per_class": classes}


COMPARISON = {
    "kind": "classes", "decides": "F1, mean of classes", "larger_is_better": True, "classes": ["Stable", "Linear"],
    "examples": 1240,
    "sentence": "By F1, mean of classes on the held-out part, the new model is best: 0.910.",
    "methods": [compared("new model", "new", 0.91), compared("shipped model", "start", 0.87), compared("tests", "classical", 0.8)],
}  # fmt: skip


def ring(left, low, right, high):
    return [[left, low], [right, low], [right, high], [left, high], [left, low]]


def describe_training(number, parameters):
    """Tell a split; of which one follows from the name of the first data."""
    data = parameters["data"]
    if not data:
        parts = [{"part": part, "name": "simulated examples", "examples": 0, "classes": {}, "ring": None}
                 for part in ("train", "validation", "test")]  # fmt: skip
        send("result", id=number, result={"summary": "simulated", "details": {"parts": parts, "crs": "", "notes": ["Simulated."]}})
        return
    if "missing" in data[0]:
        send("error", id=number, kind="user", message="There are no labels: nothing can be learned.", detail="")
        return
    second = 0 if "one class" in data[0] else 12
    parts = [
        {"part": "train", "name": "west", "examples": 600, "classes": {"Stable": 580, "Linear": 20}, "ring": ring(0, 0, 60, 90)},
        {"part": "train", "name": "north", "examples": 100, "classes": {"Stable": 100, "Linear": 0}, "ring": ring(0, 100, 60, 120)},
        {"part": "validation", "name": "middle", "examples": 200, "classes": {"Stable": 190, "Linear": 10},
         "ring": ring(70, 0, 80, 90)},
        {"part": "test", "name": "east", "examples": 200, "classes": {"Stable": 200 - second, "Linear": second},
         "ring": ring(90, 0, 120, 90)},
    ]  # fmt: skip
    details = {"parts": parts, "crs": "", "notes": ["10 points have no label."], "data": data, "labels": parameters["labels"]}
    send("result", id=number, result={"summary": "a split", "details": details})


def work(number, job):
    parameters = job["parameters"]
    if job["task"] == "describe-points":
        if "missing" in parameters["points"]:
            send("error", id=number, kind="user", message="There is no such file.", detail="")
        else:
            details = dict(DESCRIPTION)
            if parameters["unit"] != "auto":
                details.update(unit=parameters["unit"], unit_reason="given")
            if "los" in Path(parameters["points"]).stem:
                names = ("los_east", "los_north", "los_up")
                details["attributes"] = [*details["attributes"], *({"name": name, "kind": "real"} for name in names)]
            if "early" in Path(parameters["points"]).stem:
                details["dates"] = ["2003-01-01", "2003-02-01", "2004-01-01"]
            send("result", id=number, result={"summary": "EGMS", "details": details})
        return
    if job["task"] == "check-environment":
        device = {"id": "cpu", "name": "Fake CPU", "memory": 2**34, "free": 2**33, "ok": True, "seconds": 0.1}
        details = {"python": "3", "platform": "fake", "versions": {"torch": "9.9"}, "devices": [device]}
        send("result", id=number, result={"summary": "cpu works", "details": details})
        return
    if job["task"] == "describe-stack":
        describe_stack(number, parameters)
        return
    if job["task"] == "describe-training":
        describe_training(number, parameters)
        return
    if job["task"] == "run-analysis":
        import fake_analysis

        fake_analysis.run(number, job, send, cancelled)
        return
    output = Path(parameters.get("table") or parameters["output"])
    what = output.stem
    if what == "garbage":
        print("Segmentation fault? no: a stray print", flush=True)
        time.sleep(30)
    elif what == "list":
        print("[1, 2]", flush=True)
        time.sleep(30)
    elif what == "dies":
        if output.parent.is_dir():
            (output.parent / f".{output.name}.0123abcd.partial").mkdir()
        os.kill(os.getpid(), 9)
    elif what == "memory":
        sys.stderr.write("terminate called: std::bad_alloc\n")
        sys.stderr.flush()
        os.abort()
    elif what == "exits":
        os._exit(3)
    elif what == "fails":
        send("error", id=number, kind="user", message="The file has no date columns.", detail="")
    elif what == "incomplete":
        send("error", id=number, kind="environment", message="The engine's environment is incomplete (no torch).")
    elif what in ("slow", "stubborn"):
        for step in range(600):
            if number in cancelled and what == "slow":
                send("cancelled", id=number)
                return
            send("progress", id=number, fraction=step / 600, message=f"step {step}")
            time.sleep(0.05)
    elif job["task"] == "train":
        train(number, job, parameters)
    elif job["task"] == "select-scatterers":
        select_scatterers(number, job, parameters)
    elif job["task"] == "select-interferograms":
        select_interferograms(number, job, parameters)
    elif job["task"] in ("combine-geometries", "estimate-series"):
        hand_out(number, job, parameters)
    elif job["task"] == "track-offsets":
        track_offsets(number, job, parameters)
    elif job["task"] == "open-stack":
        output.write_bytes(Path(os.environ["FAKE_ENGINE_RESULT"]).read_bytes())
        send("result", id=number, result={"outputs": {"output": str(output)}, "summary": "12 interferograms opened."})
    else:
        send("log", level="info", message="working")
        send("progress", id=number, fraction=0.5, message="half")
        if parameters.get("points") and os.environ.get("FAKE_ENGINE_RESULT"):
            output.write_bytes(Path(os.environ["FAKE_ENGINE_RESULT"]).read_bytes())
        send("result", id=number, result={
            "outputs": {"output": str(output)}, "summary": "done", "details": {"pid": os.getpid(), "job": job},
            "warnings": ["A warning."],
        })  # fmt: skip


threading.Thread(target=read, daemon=True).start()
send("ready", version="fake", pid=os.getpid(), python="3")
while True:
    command = commands.get()
    if command["command"] == "quit":
        break
    work(command["id"], command["job"])
