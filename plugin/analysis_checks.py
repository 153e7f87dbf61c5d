"""What keeps a step of an analysis from being computed, told from the metadata of the stack before anything runs."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Optional

from stillpoint.models.errors import StillpointError
from stillpoint.models.recipe import INTERFEROGRAMS, OFFSETS, OWN, RUN, SCATTERERS, STACK, Recipe, input_of
from stillpoint.plugin import interferograms, offsets_checks, stacks
from stillpoint.plugin.language import tr


def stack_of(recipe: Recipe, path: str = "") -> Optional[stacks.StackFacts]:
    """Return what is known of a stack, that of the recipe where none is named; None where it cannot be opened (yet)."""
    path = path or (recipe.steps[STACK].own if recipe.steps[STACK].mode == OWN else "")
    return _facts(path, stacks.stamp_of(path)) if path and not Path(path).is_dir() else None


@lru_cache(maxsize=64)
def _facts(path: str, _: int) -> Optional[stacks.StackFacts]:
    """Return the facts of a stack, remembered until it is written again."""
    try:
        return stacks.facts_of(path)
    except StillpointError:
        return None


def unfit(recipe: Recipe, name: str) -> str:
    """Return why a step cannot be computed in what goes in; empty where it can, or where that is not known yet.

    What the step before still has to write holds the same quantity as the stack that it reads.
    """
    step = recipe.steps[name]
    if step.mode != RUN or name not in (INTERFEROGRAMS, SCATTERERS, OFFSETS):
        return ""
    if name == OFFSETS:
        return _offsets_unfit(recipe)
    given = step.inputs.get("stack", "")
    kept = recipe.steps[INTERFEROGRAMS]
    if not given and name == SCATTERERS and kept.mode == OWN:
        given = input_of(recipe, name, "stack", "")
    elif not given and name == SCATTERERS and kept.mode == RUN:
        given = kept.inputs.get("stack", "")
    facts = stack_of(recipe, given)
    if facts is None:
        return ""
    method = str(step.options.get("method", "default"))
    try:
        if name == INTERFEROGRAMS:
            coherence = stack_of(recipe, str(step.options.get("coherence") or "")) if step.options.get("coherence") else None
            interferograms.check_judgeable(facts, method, coherence)
        else:
            stacks.check_selectable(facts, method)
    except StillpointError as error:
        if name == SCATTERERS and facts.quantity == "unwrapped":
            return (
                tr(
                    "{name} holds unwrapped phase, but PS are selected in wrapped phase or complex images. Choose "
                    "such a stack of the same area under Goes in, or give your own PS."
                ).format(name=Path(facts.path).name)
            )
        return str(error)
    return ""


def _offsets_unfit(recipe: Recipe) -> str:
    """Return why the images of a recipe cannot be compared."""
    first, second = (recipe.inputs.get(key, "") for key in ("reference", "secondary"))
    if not first:
        return ""
    options = recipe.steps[OFFSETS].options
    try:
        facts = [offsets_checks.facts_of(path) for path in (first, second) if path]
        found = offsets_checks.check(
            facts[0], facts[1] if len(facts) > 1 else None, search=int(options.get("search", 16)),
            spacing=int(options.get("spacing", 8)), units=str(options.get("units", "pixels")),
            geometry=str(options.get("geometry", "auto")), align=options.get("align") == "secondary",
        )  # fmt: skip
    except StillpointError as error:
        return str(error)
    return found.errors[0] if found.errors else ""
