"""Whole analyses: what is run, what is left alone, what is out of date, and how a recipe travels."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stillpoint.models import analysis, dispatch
from stillpoint.models import analysis_record as records
from stillpoint.models.cli import main
from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import Result
from stillpoint.models.jobs.analysis import RunAnalysis
from stillpoint.models.progress import Progress
from stillpoint.models.recipe import (
    OWN,
    PLANS,
    RUN,
    SKIP,
    Recipe,
    input_of,
    job_of,
    option_names,
    options_of,
    read_recipe,
    recipe_of,
    result_of,
    write_recipe,
)

SERIES = ("stack", "interferograms", "scatterers", "series", "trends")


@pytest.fixture
def stack(tmp_path):
    path = tmp_path / "town.tif"
    path.write_text("a stack")
    return path


@pytest.fixture
def recipe(stack):
    made = Recipe()
    made.set_source(str(stack))
    return made


@pytest.fixture
def engine(monkeypatch):
    """Every job writes its outputs, with what it was asked as their content; the list of jobs that were done."""
    done = []

    def run(job, progress):
        if job.task == "run-analysis":
            return analysis.run_analysis(job, progress)
        if job.task in run.failing:
            raise run.failing[job.task]
        done.append(job)
        progress(0.5, "half")
        outputs = {}
        for item in job.parameters():
            if item.metadata["kind"].endswith("-output") and getattr(job, item.name):
                outputs[item.name] = getattr(job, item.name)
                Path(outputs[item.name]).write_text(f"{job.task} by {getattr(job, 'method', '')}")
        return Result(outputs, f"{job.task} is done.\nmore", {"n": 3, "long": list(range(5000))}, ["A note."])

    run.failing = {}
    run.done = done
    monkeypatch.setattr(dispatch, "run", run)
    return run


def begin(tmp_path, recipe, folder="out", **options):
    write_recipe(recipe, str(tmp_path / "recipe.json"))
    rows, fractions = [], []
    progress = Progress(lambda fraction, _: fractions.append(fraction), figures=rows.append)
    try:
        result = analysis.run_analysis(
            RunAnalysis(recipe=str(tmp_path / "recipe.json"), output=str(tmp_path / folder), **options), progress
        )
    finally:
        assert fractions == sorted(fractions)
    return result, [(row["step"], row["state"]) for row in rows]


def states_in(tmp_path, recipe, folder="out"):
    place = str(tmp_path / folder)
    return {name: state for name, (state, _) in records.states(recipe, records.read_record(place), place).items()}


def test_chain_runs_in_order_and_hands_its_results_on(tmp_path, recipe, stack, engine):
    result, told = begin(tmp_path, recipe)
    assert [job.task for job in engine.done] == [
        "select-interferograms", "select-scatterers", "estimate-series", "classify-trends",
    ]  # fmt: skip
    pairs, scatterers, series, trends = engine.done
    out = tmp_path / "out"
    assert pairs.stack == str(stack) and pairs.output == str(out / "2 kept interferograms.vrt")
    assert scatterers.stack == series.stack == pairs.output
    assert series.mask == scatterers.output and series.points is None
    assert trends.points == series.output and trends.output == str(out / "5 trends.gpkg")
    assert [state for name, state in told if name == "series"] == ["running", "done"]
    assert result.outputs["trends.output"] == trends.output and result.details["ran"] == list(SERIES[1:])
    assert "Scatterers: select-scatterers is done." in result.summary
    assert set(states_in(tmp_path, recipe).values()) == {"done", "mine"}


def test_second_run_does_nothing(tmp_path, recipe, engine):
    begin(tmp_path, recipe)
    engine.done.clear()
    result, told = begin(tmp_path, recipe)
    assert engine.done == [] and [state for _, state in told] == ["unchanged"] * 4
    assert result.details["ran"] == [] and "Trends: unchanged since" in result.summary
    begin(tmp_path, recipe, again=True)
    assert len(engine.done) == 4


def test_what_lies_downstream_is_out_of_date(tmp_path, recipe, engine):
    begin(tmp_path, recipe)
    recipe.steps["scatterers"].options["method"] = "unet"
    assert states_in(tmp_path, recipe) == {
        "stack": "mine", "interferograms": "done", "scatterers": "stale", "series": "stale", "trends": "stale",
    }  # fmt: skip
    engine.done.clear()
    begin(tmp_path, recipe)
    # The series came out as they were (a file of the same content, but newer): what reads them is computed again.
    assert [job.task for job in engine.done][:2] == ["select-scatterers", "estimate-series"]
    assert set(states_in(tmp_path, recipe).values()) == {"done", "mine"}


def test_texts_are_compared_by_content(tmp_path, recipe, engine):
    begin(tmp_path, recipe)
    engine.done.clear()
    begin(tmp_path, recipe, steps="interferograms", again=True)  # writes the same kept stack
    assert [job.task for job in engine.done] == ["select-interferograms"]
    assert set(states_in(tmp_path, recipe).values()) == {"done", "mine"}


def test_new_stack_puts_everything_out_of_date(tmp_path, recipe, stack, engine):
    begin(tmp_path, recipe)
    stack.write_text("a longer stack")
    assert set(states_in(tmp_path, recipe).values()) == {"stale", "mine"}


def test_sources_of_a_virtual_stack_count(tmp_path, recipe, stack, engine):
    virtual = tmp_path / "town.vrt"
    virtual.write_text('<VRTDataset><SourceFilename relativeToVRT="1">town.tif</SourceFilename></VRTDataset>')
    recipe.set_source(str(virtual))
    begin(tmp_path, recipe)
    stack.write_text("a longer stack")
    assert states_in(tmp_path, recipe)["interferograms"] == "stale"


def test_device_does_not_count(tmp_path, recipe, engine):
    begin(tmp_path, recipe, device="cpu")
    assert {job.device for job in engine.done} == {"cpu"}
    assert set(states_in(tmp_path, recipe).values()) == {"done", "mine"}


def test_lost_file_is_noticed(tmp_path, recipe, engine):
    begin(tmp_path, recipe)
    (tmp_path / "out" / "3 PS mask.tif").unlink()
    found = states_in(tmp_path, recipe)
    assert (found["scatterers"], found["series"]) == ("gone", "stale")


def test_failure_stops_what_depends_on_it_alone(tmp_path, recipe, engine):
    engine.failing["select-scatterers"] = StillpointError("Too few dates. Choose a longer stack.")
    with pytest.raises(StillpointError, match=r"^Scatterers: Too few dates"):
        begin(tmp_path, recipe)
    assert [job.task for job in engine.done] == ["select-interferograms"]
    place = str(tmp_path / "out")
    found = records.states(recipe, records.read_record(place), place)
    assert found["scatterers"] == ("failed", "Too few dates. Choose a longer stack.")
    assert (found["interferograms"][0], found["series"][0]) == ("done", "waiting")
    recipe.steps["scatterers"].options["method"] = "unet"  # the failure was of another job
    assert states_in(tmp_path, recipe)["scatterers"] == "new"
    engine.failing.clear()
    begin(tmp_path, recipe)
    assert set(states_in(tmp_path, recipe).values()) == {"done", "mine"}


def test_fault_of_the_engine_is_noted_and_told(tmp_path, recipe, engine):
    engine.failing["select-interferograms"] = MemoryError("out of memory")
    with pytest.raises(MemoryError):
        begin(tmp_path, recipe)
    assert "not enough memory" in records.read_record(str(tmp_path / "out")).entry("interferograms").error


def test_cancel_keeps_what_is_finished(tmp_path, recipe, engine):
    engine.failing["select-scatterers"] = Cancelled()
    with pytest.raises(Cancelled, match="finished stay"):
        begin(tmp_path, recipe)
    found = states_in(tmp_path, recipe)
    assert (found["interferograms"], found["scatterers"], found["series"]) == ("done", "new", "waiting")


def test_steps_can_be_left_out_or_replaced(tmp_path, recipe, stack, engine):
    recipe.steps["interferograms"].mode = SKIP
    recipe.steps["scatterers"].mode, recipe.steps["scatterers"].own = OWN, str(tmp_path / "mine.gpkg")
    recipe.steps["trends"].mode = SKIP
    assert states_in(tmp_path, recipe)["scatterers"] == "missing"
    with pytest.raises(StillpointError, match=r"mine\.gpkg is not there"):
        begin(tmp_path, recipe)
    (tmp_path / "mine.gpkg").write_text("points")
    begin(tmp_path, recipe)
    (series,) = engine.done
    assert (series.stack, series.points, series.mask) == (str(stack), str(tmp_path / "mine.gpkg"), None)


def test_file_of_the_users_goes_in_instead(tmp_path, recipe, stack, engine):
    recipe.steps["scatterers"].inputs["stack"] = str(tmp_path / "wrapped.tif")
    assert input_of(recipe, "scatterers", "stack", "/out") == str(tmp_path / "wrapped.tif")
    assert input_of(recipe, "series", "stack", "/out") == str(Path("/out") / "2 kept interferograms.vrt")


def test_single_step_says_what_it_needs(tmp_path, recipe, engine):
    with pytest.raises(StillpointError, match="It needs Interferograms, which is not done yet"):
        begin(tmp_path, recipe, steps="scatterers")
    begin(tmp_path, recipe, steps="interferograms, scatterers")
    assert len(engine.done) == 2
    with pytest.raises(StillpointError, match="no step offset"):
        begin(tmp_path, recipe, steps="offset")


def test_product_is_opened_first(tmp_path, recipe, engine):
    (tmp_path / "product").mkdir()
    (tmp_path / "product" / "one.tif").write_text("x")
    begin(tmp_path, recipe, stack=str(tmp_path / "product"))
    assert engine.done[0].task == "open-stack" and engine.done[0].sources == (str(tmp_path / "product"),)
    assert engine.done[1].stack == engine.done[0].output
    recipe.set_source(str(tmp_path / "product"))
    assert states_in(tmp_path, recipe)["stack"] == "done"
    (tmp_path / "product" / "two.tif").write_text("a new date")
    assert set(states_in(tmp_path, recipe).values()) == {"stale"}


def test_offsets(tmp_path, engine):
    recipe = Recipe("offsets", inputs={"reference": str(tmp_path / "a.tif"), "secondary": str(tmp_path / "b.tif")})
    begin(tmp_path, recipe)
    (job,) = engine.done
    assert (job.reference, job.secondary) == (str(tmp_path / "a.tif"), str(tmp_path / "b.tif"))
    begin(tmp_path, recipe, "other", reference="c.tif", secondary="d.tif")
    assert (engine.done[1].reference, engine.done[1].secondary) == ("c.tif", "d.tif")
    with pytest.raises(StillpointError, match="no reference image"):
        begin(tmp_path, Recipe(), "third", reference="c.tif")


def test_recipe_survives_writing_and_moving(tmp_path, recipe, stack):
    recipe.name = "Town"
    recipe.steps["scatterers"].options["threshold"] = 0.7
    recipe.steps["interferograms"].options["coherence"] = "/elsewhere/coherence.tif"
    write_recipe(recipe, str(tmp_path / "recipe.json"))
    form = json.loads((tmp_path / "recipe.json").read_text())
    assert form["steps"]["stack"]["own"] == "town.tif"
    moved = tmp_path / "moved"
    moved.mkdir()
    (tmp_path / "recipe.json").rename(moved / "recipe.json")
    again = read_recipe(str(moved / "recipe.json"))
    assert again.source() == str(moved / "town.tif")
    assert again.steps["interferograms"].options["coherence"] == "/elsewhere/coherence.tif"
    again.set_source(recipe.source())
    assert again.to_dict() == recipe.to_dict()


def test_moved_folder_is_still_up_to_date(tmp_path, recipe, engine):
    begin(tmp_path, recipe)
    (tmp_path / "out").rename(tmp_path / "later")
    assert set(states_in(tmp_path, recipe, "later").values()) == {"done", "mine"}
    assert read_recipe(str(tmp_path / "later" / "analysis.json")).to_dict() == recipe.to_dict()


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "no recipe"),
        ([], "no recipe"),
        ({"kind": "stillpoint-recipe", "format": 9}, "format 9"),
        ({"kind": "stillpoint-recipe", "format": 1, "chain": "x"}, "chain 'x'"),
        ({"kind": "stillpoint-recipe", "format": 1, "chain": "series", "steps": {"x": {}}}, "a step 'x'"),
        ({"kind": "stillpoint-recipe", "format": 1, "chain": "series", "steps": {"trends": {"mode": "own"}}}, "mode 'own'"),
        (
            {"kind": "stillpoint-recipe", "format": 1, "chain": "series", "steps": {"trends": {"options": {"output": "x"}}}},
            "must be among",
        ),
        (
            {"kind": "stillpoint-recipe", "format": 1, "chain": "series", "steps": {"trends": {"options": {"unit": "ell"}}}},
            "must be one of",
        ),
    ],
)
def test_recipes_that_are_none(form, sentence):
    with pytest.raises(StillpointError, match=sentence):
        recipe_of(form)


def test_broken_record_is_told(tmp_path, recipe, engine):
    begin(tmp_path, recipe)
    (tmp_path / "out" / "analysis.json").write_text("{")
    with pytest.raises(StillpointError, match="cannot be read as the record"):
        begin(tmp_path, recipe)


@pytest.mark.parametrize("name", list(PLANS))
def test_options_of_a_job_make_it_again(name, tmp_path, recipe):
    recipe.chain = "offsets" if name == "offsets" else "series"
    recipe.inputs = {"reference": "a.tif"}
    if name == "stack":
        recipe.steps["stack"].mode, recipe.steps["stack"].options = RUN, {"sources": ["product"]}
    job = job_of(recipe, name, str(tmp_path))
    assert options_of(name, job) == recipe.steps[name].options
    assert not {"forecast", "output", *PLANS[name].takes} & set(option_names(name))
    assert result_of(recipe, name, str(tmp_path)) == str(tmp_path / PLANS[name].writes["output"])


def test_command_line(tmp_path, recipe, engine, capsys):
    write_recipe(recipe, str(tmp_path / "recipe.json"))
    arguments = ["run-analysis", str(tmp_path / "recipe.json"), "--output", str(tmp_path / "out"), "--progress", "none"]
    assert main(arguments) == 0
    assert "trends.output: " in capsys.readouterr().out
    engine.failing["classify-trends"] = StillpointError("No points.")
    assert main([*arguments, "--again"]) == 1
    assert "stillpoint run-analysis: Trends: No points." in capsys.readouterr().err
