"""Training of the networks for offsets on pairs of the user's: fine-tuned or from new weights, alone or mixed with simulation."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
import torch

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result, TrainModel
from stillpoint.models.learning import beside, comparison, devices, library, loop, page
from stillpoint.models.learning.comparison_offsets import Tracked, compare_offsets
from stillpoint.models.learning.splits import PARTS, Plan
from stillpoint.models.offsets import examples, reads, train_default, train_ressiamnet, user_pairs
from stillpoint.models.offsets import train_ressiamnet_data as cuts
from stillpoint.models.offsets.fuse import ARCHITECTURE as FUSE
from stillpoint.models.offsets.fuse import TASK, FuseNetwork, FuseShape, candidates, features, open_fuse
from stillpoint.models.offsets.lattice import STEP
from stillpoint.models.offsets.methods import open_method
from stillpoint.models.offsets.prepare import learn
from stillpoint.models.offsets.ressiamnet import ARCHITECTURE as SIAM
from stillpoint.models.offsets.ressiamnet import DELTAS, SiamNetwork, SiamShape, masked_huber, open_network
from stillpoint.models.offsets.ressiamnet_method import Errors, at_nodes, calibrated
from stillpoint.models.offsets.track import track
from stillpoint.models.offsets.user_pairs import Tile
from stillpoint.models.progress import Progress

RATE, SIAM_RATE = 3e-4, 1e-4
"""Learning rates of fine-tuning, a tenth of those of the trainings on simulated pairs."""

EPOCHS, PATIENCE, STEPS = 20, 5, 20
NEW_EPOCHS, NEW_PATIENCE = 60, 15
MIXED_PAIRS = 24
"""Simulated pairs that are mixed in, where that is asked for."""

FEWEST_NODES, FEWEST_TILES = 400, 3
"""Nodes and tiles of the validation part below which standard errors stay those of the start: nodes of a tile err together."""


def train_on_pairs(job: TrainModel, progress: Progress) -> Result:
    """Train the network that ``job`` names on the user's pairs; write weights, card, curves and the page.

    Raises
    ------
    StillpointError
        Images or labels cannot be used, or there is no network to start from.
    Cancelled
        Asked to stop; the last checkpoint is kept.
    """
    labels = job.labels if job.labels not in (None, "truth", "correlation") else None
    beside.refuse_overwriting(job.output, (*(job.data or ()), labels, job.model))
    start = _start_file(job)
    tiles, plan = user_pairs.gather(job, progress.part(0.0, 0.1))
    device = devices.pick(job.device)
    run = _fuse if job.network == "default" else _siam
    network, header, record = run(job, tiles, start, device, progress.part(0.1, 0.85))
    return _finish(job, network, header, record, tiles, plan, start, progress.part(0.85, 1.0))


def _start_file(job: TrainModel) -> Optional[Path]:
    """Return the model whose weights the training begins with; None where they are new."""
    if job.start == "scratch":
        if job.model:
            raise StillpointError("A training from scratch begins with new weights: name no model, or start from the model.")
        return None
    path = library.model_of(TASK, job.network, job.model)
    if not path.is_file():
        raise StillpointError(f"There is no model {path} to start from. Name a model of yours, or start from scratch.")
    return path


def _about(job: TrainModel, tiles: Sequence[Tile], start: Optional[Path]) -> str:
    """Return what tells this training from others."""
    digest = hashlib.sha256(f"{job.mix} {job.labels} {library.sha256(start) if start else 'new'}".encode())
    for tile in tiles:
        for values in (tile.reference, tile.secondary, tile.truth):
            digest.update(np.ascontiguousarray(values).tobytes())
        digest.update(bytes([tile.part]))
    return digest.hexdigest()


def _settings(job: TrainModel, start: Optional[Path], rate: float, new_rate: float) -> loop.Settings:
    epochs = job.epochs or (EPOCHS if start else NEW_EPOCHS)
    return loop.Settings(
        steps=epochs * STEPS, epoch=STEPS, by="RMSE, errors cut at 1 px", patience=PATIENCE if start else NEW_PATIENCE,
        rate=rate if start else new_rate, decay=0.0 if start else 1e-3, average=0.5 / epochs,
    )  # fmt: skip


def fuse_example(tile: Tile) -> examples.Example:
    """Return a tile as the fusing network meets it; where the offsets are unknown nothing counts."""
    tracked = track(tile.reference, tile.secondary, learn([tile.reference], [tile.secondary]), search=examples.SEARCH, kernels=True)
    truth = at_nodes(torch.from_numpy(tile.truth)).numpy()
    known = np.isfinite(truth).all(axis=0) & tracked.present.numpy()
    known &= np.abs(np.nan_to_num(truth)).max(axis=0) <= examples.SEARCH
    return {
        "features": features(tracked).clamp(-6e4, 6e4).half().numpy(), "candidates": candidates(tracked).float().numpy(),
        "truth": np.nan_to_num(truth).astype(np.float32), "measurable": known, "lost": np.zeros_like(known),
        "sigma": tracked.sigma.numpy(),
    }  # fmt: skip


def _fuse(
    job: TrainModel, tiles: Sequence[Tile], start: Optional[Path], device: torch.device, progress: Progress
) -> Tuple[FuseNetwork, library.Header, loop.Record]:
    """Train the default network."""
    made: List[examples.Example] = []
    for number, tile in enumerate(tiles):
        progress(0.5 * number / len(tiles), f"Tile {number + 1} of {len(tiles)}")
        made.append(fuse_example(tile) if tile.part < 2 else {})
    own, tuning = ([item for item, tile in zip(made, tiles) if tile.part == part] for part in (0, 1))
    simulated = _simulated(job, examples.example, progress)
    torch.manual_seed(job.seed)
    network = open_fuse(start, device=str(device)).train() if start else FuseNetwork(FuseShape()).to(device)
    threshold = network.threshold.clone()
    count = round(job.mix * train_default.BATCH)

    def batch(step: int) -> Dict[str, torch.Tensor]:
        rng = np.random.default_rng([job.seed, 97, step])
        drawn = [own[int(index)] for index in rng.integers(0, len(own), train_default.BATCH - count)]
        drawn += [simulated[int(index)] for index in rng.integers(0, max(len(simulated), 1), count)]
        return examples.stacked(drawn)

    record = loop.train(
        job, network, batch, lambda model, part: train_default.loss_of(model, part.on(device), part.whole),  # type: ignore[arg-type]
        _settings(job, start, RATE, 3e-3), judge=lambda model: _few(train_default._metrics(model, tuning)),  # type: ignore[arg-type]
        start=copy.deepcopy(network) if start else None, about=_about(job, tiles, start), progress=progress.part(0.6, 1.0),
    )  # fmt: skip
    network = network.cpu().eval()
    if _calibrates(tiles, start) and sum(int(item["measurable"].sum()) for item in tuning) >= FEWEST_NODES:
        train_default._calibrate(network, tuning)
        if start:  # where nothing is known to be lost, labels cannot tell what to trust
            network.threshold.copy_(threshold.cpu())
    header = library.Header(
        task=TASK, architecture=FUSE, version=__version__, shape=network.shape.to_dict(),
        input=library.read_header(start).input if start else reads.of_default(), settings={},
    )  # fmt: skip
    return network, header, record


def _calibrates(tiles: Sequence[Tile], start: Optional[Path]) -> bool:
    """Whether the validation part can tell more of standard errors than the start; new weights have no others."""
    return start is None or sum(tile.part == 1 for tile in tiles) >= FEWEST_TILES


def _few(found: Dict[str, float]) -> Dict[str, float]:
    """Return the figures that tell of an epoch."""
    return {name: found[name] for name in ("RMSE, errors cut at 1 px", "RMSE of the calm field", "within one standard error")}


def _simulated(job: TrainModel, make: Any, progress: Progress) -> List[Any]:
    """Return the simulated examples that are mixed in."""
    if not job.mix:
        return []
    folder = Path(job.output).with_suffix(".examples")
    found = []
    for index in range(MIXED_PAIRS):
        progress(0.5 + 0.1 * index / MIXED_PAIRS, f"Simulated pair {index + 1} of {MIXED_PAIRS}")
        found.append(make(job.seed, index, folder))
    return found


def siam_example(tile: Tile, *, correlation: bool) -> cuts.Example:
    """Return a tile as the published network meets it."""
    known = np.isfinite(tile.truth).all(axis=0)
    tracked = np.full((2, tile.truth.shape[1] // STEP, tile.truth.shape[2] // STEP), np.nan, np.float32)
    if correlation:
        found = track(tile.reference, tile.secondary, learn([tile.reference], [tile.secondary]), search=examples.SEARCH)
        tracked = found.offsets.numpy().astype(np.float32).copy()
        tracked[:, ~found.trusted.numpy()] = np.nan
        truth = tracked.repeat(STEP, axis=1).repeat(STEP, axis=2)
        known = np.isfinite(truth).all(axis=0)
        return {
            "reference": tile.reference, "secondary": tile.secondary, "truth": np.nan_to_num(truth),
            "coherence": known.astype(np.float16), "tracked": tracked,
        }  # fmt: skip
    return {
        "reference": tile.reference, "secondary": tile.secondary, "truth": np.nan_to_num(tile.truth),
        "coherence": known.astype(np.float16), "tracked": tracked,
    }  # fmt: skip


def _siam(
    job: TrainModel, tiles: Sequence[Tile], start: Optional[Path], device: torch.device, progress: Progress
) -> Tuple[SiamNetwork, library.Header, loop.Record]:
    """Train the published network."""
    plan = train_ressiamnet.PLANS[job.network]
    correlation = job.labels == "correlation"
    made = [siam_example(tile, correlation=correlation) for tile in tiles]
    own, tuning = ([item for item, tile in zip(made, tiles) if tile.part == part] for part in (0, 1))
    simulated = _simulated(job, cuts.example, progress)
    torch.manual_seed(job.seed)
    known = open_network(start, device=str(device)) if start else None
    network = known[0].train() if known else SiamNetwork(SiamShape(plan.widths)).to(device)
    reach = int(known[1].settings.get("search", plan.reach)) if known else plan.reach
    count = round(job.mix * plan.batch)

    def batch(step: int) -> Tuple[torch.Tensor, ...]:
        rng = np.random.default_rng([job.seed, 98, step])
        parts = []
        for items, number in ((own, plan.batch - count), (simulated, count)):
            if number:
                parts.append(cuts.batch(items, rng, number, side=plan.side, reach=float(reach), same=0.1))
        return tuple(torch.cat(column) for column in zip(*parts))

    def loss(model: torch.nn.Module, part: loop.Part) -> torch.Tensor:
        images, target, counts = part.on(device)
        return masked_huber(model(images).float(), target, counts, DELTAS[1], of=max(int(part.whole[2].sum()), 1))

    record = loop.train(
        job, network, batch, loss, _settings(job, start, SIAM_RATE, plan.rate),
        judge=lambda model: train_ressiamnet._quick(model, tuning, reach, device),
        start=copy.deepcopy(network) if start else None, about=_about(job, tiles, start), progress=progress.part(0.6, 1.0),
    )  # fmt: skip
    network = network.cpu().eval()
    network.load_state_dict(
        {name: value.half().float() if value.ndim == 4 else value for name, value in network.state_dict().items()}
    )
    found = train_ressiamnet._answers(network, tuning, reach)
    errors = Errors.of(known[1].settings, start) if known and start else calibrated(*_no_nodes())
    if _calibrates(tiles, start) and found["truth"].shape[1] >= FEWEST_NODES:
        errors = calibrated(found["offsets"], found["peak"], found["offsets"] - found["truth"])
    header = library.Header(
        task=TASK, architecture=SIAM, version=__version__, shape=network.shape.to_dict(),
        input=known[1].input if known else reads.of_ressiamnet(), settings={"search": reach, **errors.to_dict()},
    )  # fmt: skip
    return network, header, record


def _no_nodes() -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what a calibration without nodes gets: it then knows nothing, and says so with an error of a pixel."""
    return np.zeros((2, 0)), np.zeros(0), np.zeros((2, 0))


def _finish(
    job: TrainModel, network: Any, header: library.Header, record: loop.Record, tiles: Sequence[Tile], plan: Plan,
    start: Optional[Path], progress: Progress,
) -> Result:  # fmt: skip
    """Compare on the test part; write the model, its card, curves and the page."""
    output = Path(job.output)
    notes = [*plan.notes, *record.notes()]
    if start and record.best == 0:
        notes.append("No epoch did better on the validation part than the start: the weights are the start's.")
    if not _calibrates(tiles, start):
        notes.append("The validation part has too few tiles to calibrate by: standard errors are scaled as the start's.")
    header = replace(header, training={
        "data": "pairs " + ", ".join(Path(path).name for path in job.data or ()),
        "labels": Path(job.labels).name if job.labels else "truth", "mix": job.mix,
        "tiles": {part: sum(tile.part == code for tile in tiles) for code, part in enumerate(PARTS)},
        "start": {"file": start.name, "sha256": library.sha256(start)} if start else {}, "seed": job.seed,
        "epochs": record.epochs, "best epoch": record.best, "command": beside.command(job),
    })  # fmt: skip
    if start:
        notes += comparison.seen_before(library.read_header(start).training, header.training, job.data)
    state = network.state_dict()
    candidate = output.with_suffix(".candidate")
    library.save_model(candidate, state, header)
    try:
        found = compare(job, tiles, candidate, start, notes, progress)
    finally:
        candidate.unlink(missing_ok=True)
    header = replace(header, metrics=page.header_figures(found))
    library.save_model(output, state, header)
    written = beside.write_card_and_curves(output, model_card(header, found), record.rows)
    written["report"] = page.write(
        output, title=f"Offset network {output.stem}", facts=facts(header), history=record.rows, best=record.best, comparison=found,
        parts=plan.parts, notes=notes,
    )  # fmt: skip
    details = {"comparison": found, "metrics": found["methods"][0]["figures"], "parts": plan.to_dict()["parts"], **record.details()}
    return Result({"output": job.output, **written}, "\n".join(page.told(found)), details, notes)


def compare(
    job: TrainModel, tiles: Sequence[Tile], model: Path, start: Optional[Path], notes: List[str], progress: Progress
) -> Dict[str, Any]:
    """Return the figures of the new network, its start, the shipped one and correlation on the tiles of the test part."""
    method = "default" if job.network == "default" else "cc_ressiamnet"
    shipped = library.shipped(TASK, job.network)
    contenders = [("new model", comparison.NEW, method, str(model))]
    if start and start != shipped:
        contenders.append((f"start {start.name}", comparison.START, method, str(start)))
    if shipped.is_file():
        contenders.append((f"shipped model {shipped.name}", comparison.SHIPPED, method, str(shipped)))
    contenders.append(("correlation", comparison.CLASSICAL, "correlation", ""))
    tested = [tile for tile in tiles if tile.part == 2]
    opened = [open_method(how, model=file or None) for _, _, how, file in contenders]
    search = min([examples.SEARCH, *(each.reach for each in opened if each.reach is not None)])
    truths: List[np.ndarray] = []
    groups: List[np.ndarray] = []
    said: List[List[Tuple[np.ndarray, np.ndarray]]] = [[] for _ in contenders]
    for number, tile in enumerate(tested):
        progress(number / len(tested), f"Test tile {number + 1} of {len(tested)}")
        preparation = learn([tile.reference], [tile.secondary])
        for place, each in enumerate(opened):
            found = each.track(tile.reference, tile.secondary, preparation, search=search)
            trusted = found.trusted.cpu().numpy()
            said[place].append(tuple(  # type: ignore[arg-type]
                np.where(trusted, values.cpu().numpy(), np.nan).reshape(2, -1)[::-1] for values in (found.offsets, found.sigma)
            ))  # fmt: skip
        truth = at_nodes(torch.from_numpy(tile.truth)).numpy()
        if job.labels == "correlation":
            truth = said[-1][-1][0][::-1].reshape(truth.shape)
        truth = np.where(np.abs(np.nan_to_num(truth)).max(axis=0) <= search, truth, np.nan)
        truths.append(truth.reshape(2, -1)[::-1])
        groups.append(np.full(truth.shape[1] * truth.shape[2], number))
    if job.labels == "correlation":
        notes.append("The labels are what correlation measures, so correlation is right by definition: compare the networks alone.")
    answers = [
        Tracked(name, role, *(np.concatenate(column, axis=1) for column in zip(*said[place])))
        for place, (name, role, _, _) in enumerate(contenders)
    ]
    return compare_offsets(np.concatenate(truths, axis=1), answers, np.concatenate(groups), unit="tiles", seed=job.seed)


def facts(header: library.Header) -> List[Tuple[str, str]]:
    """Return what was trained, on what, from where."""
    training = header.training
    start = training["start"]
    return [
        ("Network", f"{header.architecture} {header.version}"),
        ("Start", f"{start['file']} (SHA-256 {start['sha256'][:16]}...)" if start else "new weights"),
        ("Data", training["data"] + (f"; {training['mix']:.0%} of each batch simulated" if training["mix"] else "")),
        ("Labels", training["labels"]),
        ("Parts", f"tiles of {user_pairs.SIDE} pixels, {user_pairs.GAP} pixels apart: "
         + ", ".join(f"{count} {part}" for part, count in training["tiles"].items())),
        ("Epochs", f"{training['epochs']}, the best was number {training['best epoch']}"),
        ("Command", training["command"]),
    ]  # fmt: skip


def model_card(header: library.Header, found: Dict[str, Any]) -> str:
    """Return the model card in Markdown."""
    rows = "\n".join(f"- **{name}**: {text}." for name, text in facts(header)[1:])
    return f"""# Network for offsets, trained on pairs of a user (`{header.architecture}` {header.version})

{rows}
- **Licence**: {header.licence}

## On the test part

Tiles that neither learning nor stopping nor calibration saw. Truth is what the labels say. Errors count up to a pixel in the RMSE;
nodes that a method gives no answer for lower its coverage alone.

{page.card_table(found)}

## Where it fails

- Beyond images like those it was trained on (sensor, looks, ground) nobody has measured it: use the start there.
- It repeats the errors of its labels: a field that was smoothed teaches to smooth.
"""
