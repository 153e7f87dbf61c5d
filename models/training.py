"""Which training does which job."""

from __future__ import annotations

from pathlib import Path

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import DescribeTraining, Result, TrainModel
from stillpoint.models.learning import beside, cards, checkpoint, library, splits
from stillpoint.models.progress import Progress


def train(job: TrainModel, progress: Progress) -> Result:
    """Train the network that ``job`` names; its checkpoint goes when all is written.

    Raises
    ------
    StillpointError
        There is no such network for the task, or the training diverged.
    Cancelled
        Asked to stop; the last checkpoint is kept.
    """
    _check_named(job)
    if Path(job.output).suffix.lower() != cards.SUFFIX:
        raise StillpointError(f"A model is written to a file that ends in {cards.SUFFIX}, and {Path(job.output).name} does not.")
    path = checkpoint.path_of(job.output)
    try:
        result = _trained(job, progress)
    except Cancelled:
        if path.is_file():
            raise Cancelled(f"Cancelled. What was learned is kept in {path}: the same training with --resume goes on.") from None
        raise
    result.outputs["job"] = beside.write_job(job)
    checkpoint.remove(path)
    return result


def _trained(job: TrainModel, progress: Progress) -> Result:
    """Hand ``job`` to the training that does it."""
    if not job.data:
        _check_start(job)
    if job.capability == "trends" and (job.data or job.labels):
        from stillpoint.models.trends.fine_tune import train_on_labels

        return train_on_labels(job, progress)
    if (job.capability, job.network) == ("trends", "default"):
        from stillpoint.models.trends.train import train_default

        return train_default(job, progress)
    if (job.capability, job.network) == ("trends", "mirmazloumi_cnn"):
        from stillpoint.models.trends.mirmazloumi import train_published

        return train_published(job, progress)
    if (job.capability, job.network) == ("scatterers", "default"):
        from stillpoint.models.scatterers.train_default import train_default as train_scatterer_network

        return train_scatterer_network(job, progress)
    if job.capability == "scatterers" and job.network in ("unet", "cnn_iss", "clstm_iss"):
        from stillpoint.models.scatterers.train_published import train_published as train_scatterers

        return train_scatterers(job, progress)
    if (job.capability, job.network) == ("interferograms", "default"):
        from stillpoint.models.interferograms.train_default import train_default as train_interferogram_network

        return train_interferogram_network(job, progress)
    if job.capability == "interferograms" and job.network in ("resnet50", "resnet50_full"):
        from stillpoint.models.interferograms.train_resnet50 import train_resnet50

        return train_resnet50(job, progress)
    if job.capability == "offsets" and job.data and job.network in ("default", "cc_ressiamnet", "cc_ressiamnet_full"):
        from stillpoint.models.offsets.train_user import train_on_pairs

        return train_on_pairs(job, progress)
    if (job.capability, job.network) == ("offsets", "default"):
        from stillpoint.models.offsets.train_default import train_default as train_offset_network

        return train_offset_network(job, progress)
    if job.capability == "offsets" and job.network in ("cc_ressiamnet", "cc_ressiamnet_full"):
        from stillpoint.models.offsets.train_ressiamnet import train_ressiamnet

        return train_ressiamnet(job, progress)
    raise StillpointError(f"There is no network {job.network!r} for {job.capability}.")


def describe(job: DescribeTraining, progress: Progress) -> Result:
    """Return what the training that ``job`` describes would learn from; see :class:`stillpoint.models.learning.splits.Plan`.

    Raises
    ------
    StillpointError
        The training would fail: data or labels cannot be used.
    Cancelled
        Asked to stop.
    """
    _check_named(job)
    plan = _plan(job, progress)
    return Result({}, plan.summary(), plan.to_dict(), list(plan.notes))


def _check_named(job: DescribeTraining) -> None:
    """Raise a StillpointError where no network of that name does the task, or data are named twice."""
    known = [name for (task, _), name in cards.ARCHITECTURES.items() if task == job.capability and (task, name) not in cards.FIXED]
    if job.network.replace("_full", "") not in known:
        raise StillpointError(
            f"There is no network {job.network} for {job.capability}: those are {', '.join(sorted(known, key='default'.__ne__))}."
        )
    twice = [path for place, path in enumerate(job.data or ()) if path in (job.data or ())[:place]]
    if twice and job.capability != "offsets":  # there an image may belong to several pairs
        raise StillpointError(f"{twice[0]} is named twice: what is learned from it must not test it too. Name each source once.")


def _check_start(job: DescribeTraining) -> None:
    """Raise a StillpointError where the start that a job asks for cannot be had."""
    if job.start == "scratch" and job.model:
        raise StillpointError("A training from scratch begins with new weights: name no model, or start from the model.")
    if not job.data and (job.start == "model" or job.model) and job.network not in ("unet", "cnn_iss", "clstm_iss"):
        raise StillpointError(
            f"On simulated data alone {job.network} of {job.capability} begins with new weights. Give data of yours to fine-tune a "
            "model, or start from scratch."
        )
    if job.start == "scratch" or not (job.data or job.model):
        return
    path = library.model_of(job.capability, job.network, job.model)
    if not path.is_file() and job.start == "auto" and job.network in ("unet", "cnn_iss", "clstm_iss"):
        return  # these begin anew where there is nothing to start from
    header = library.checked_header(path, task=job.capability)
    kind = cards.network_of(header)
    if kind and kind != job.network.replace("_full", ""):
        raise StillpointError(f"The model {path} holds a network of the kind {kind}, not {job.network}: choose that network.")


def _plan(job: DescribeTraining, progress: Progress) -> splits.Plan:
    _check_start(job)
    if not job.data:
        if job.labels not in (None, "truth", "correlation"):
            raise StillpointError("Labels need the data that they belong to: give them too, or leave labels empty.")
        return splits.Plan(
            [splits.Part(part, "simulated examples", 0) for part in splits.PARTS],
            notes=["Everything is simulated: the parts are drawn from seeds of their own and share nothing."],
        )
    if job.capability == "scatterers":
        from stillpoint.models.scatterers.training_plan import plan as of_scatterers

        return of_scatterers(job, progress)
    if job.capability == "interferograms":
        from stillpoint.models.interferograms.train_resnet50_labels import plan as of_interferograms

        return of_interferograms(job, progress)
    if job.capability == "offsets":
        from stillpoint.models.offsets.user_pairs import plan as of_offsets

        return of_offsets(job, progress)
    if job.capability == "trends":
        from stillpoint.models.trends.labelled import plan as of_trends

        return of_trends(job, progress)
    raise StillpointError(f"{job.network} of {job.capability} learns from simulation alone: leave data and labels empty.")
