"""The job that runs a whole analysis: a recipe of other jobs, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Optional

from stillpoint.models.jobs.base import Job, parameter


@dataclass(frozen=True)
class RunAnalysis(Job):
    """Run the steps of a recipe that are not done yet."""

    task: ClassVar[str] = "run-analysis"
    title: ClassVar[str] = "Run analysis"
    help: ClassVar[str] = (
        "Runs a recipe of New Analysis from the stack to the trends, or from two images to their offsets: every step that is not "
        "done yet, or whose options or inputs changed since."
    )

    recipe: str = parameter(
        kind="file", title="Recipe", positional=True,
        help="Recipe (.json) that New Analysis exported, or the analysis.json in the folder of an earlier analysis.",
    )
    output: str = parameter(
        kind="folder", title="Folder",
        help="Folder for all results, made where it is missing. What was done there already and is unchanged is not done again.",
    )
    stack: Optional[str] = parameter(
        None, kind="file", title="Stack",
        help="Stack to analyse in the place of the recipe's, such as one with new dates; or the folder of a product, which is "
        "opened first; empty takes the recipe's.",
    )
    reference: Optional[str] = parameter(
        None, kind="raster", title="Reference image",
        help="For a recipe of offsets: image of the first date in the place of the recipe's; empty takes the recipe's.",
    )
    secondary: Optional[str] = parameter(
        None, kind="raster", title="Secondary image",
        help="For a recipe of offsets: image of the second date in the place of the recipe's; empty takes the recipe's.",
    )
    steps: Optional[str] = parameter(
        None, kind="text", title="Steps", advanced=True,
        help="Only these steps, separated by commas: stack, interferograms, scatterers, series, trends, offsets; empty runs all.",
    )
    again: bool = parameter(
        False, kind="flag", title="Run again", advanced=True, help="Runs the steps again although nothing changed since.",
    )
