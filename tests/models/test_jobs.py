"""Jobs: checked on the way in, the same after a journey as JSON, and one description for all front doors."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from stillpoint.models import cli, dispatch, jobs
from stillpoint.models.errors import StillpointError
from stillpoint.models.progress import SILENT


def test_a_job_survives_json():
    job = jobs.ClassifyTrends(points="a b.csv", output="ä.gpkg", wavelength=0.031, abstain=False)
    assert jobs.from_json(job.to_json()) == job


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "points of classify-trends is missing"),
        ({"points": "a", "output": "b", "method": "magic"}, "must be one of default"),
        ({"points": "a", "output": "b", "wavelength": 5.5}, "must lie between 0.005 and 1.0"),
        ({"points": "a", "output": "b", "wavelength": float("nan")}, "finite"),
        ({"points": 3, "output": "b"}, "must be a points"),
        ({"points": "a", "output": "b", "abstain": 1}, "must be a flag"),
        ({"points": "a", "output": None}, "must not be empty"),
        ({"points": "a", "output": "b", "colour": "red"}, "no parameter 'colour'"),
    ],
)
def test_bad_values_get_a_sentence(values, message):
    with pytest.raises(StillpointError, match=message):
        jobs.from_dict({"task": "classify-trends", "parameters": values})


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"task": 1}', '{"task": "fly"}', '{"task": "train", "parameters": 3}'])
def test_bad_json_gets_a_sentence(text):
    with pytest.raises(StillpointError):
        jobs.from_json(text)


def test_every_parameter_is_described():
    for kind in jobs.JOBS.values():
        for item in kind.parameters():
            about = item.metadata
            assert about["title"] and about["help"].endswith((".", "...")), (kind.task, item.name)
            assert about["kind"] in jobs.KINDS


def test_jobs_need_the_standard_library_only():
    code = (
        "import sys; before = set(sys.modules); import stillpoint.models.jobs;"
        "new = {name.split('.')[0] for name in set(sys.modules) - before};"
        "print(sorted(new - set(sys.stdlib_module_names) - {'stillpoint'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_command_line_options_are_the_parameters(tmp_path):
    arguments = cli.parser().parse_args(
        ["classify-trends", "in.csv", "--output", "out.gpkg", "--no-abstain", "--wavelength", "0.031", "--class-shares", "typical"]
    )
    job = cli.build_job(arguments)
    assert job == jobs.ClassifyTrends(
        points="in.csv", output="out.gpkg", abstain=False, wavelength=0.031, class_shares="typical"
    )
    saved = tmp_path / "job.json"
    saved.write_text(json.dumps(job.to_dict()), encoding="utf-8")
    again = cli.build_job(cli.parser().parse_args(["classify-trends", "--job", str(saved), "--abstain"]))
    assert again == jobs.ClassifyTrends(points="in.csv", output="out.gpkg", wavelength=0.031, class_shares="typical")
    with pytest.raises(StillpointError, match="is a job for classify-trends, not for simulate"):
        cli.build_job(cli.parser().parse_args(["simulate", "--job", str(saved)]))


def test_exit_status(capsys):
    assert cli.main(["classify-trends", "in.csv"]) == cli.BAD_ARGUMENTS
    assert "output of classify-trends is missing" in capsys.readouterr().err
    with pytest.raises(SystemExit) as left:
        cli.main(["fly"])
    assert left.value.code == cli.BAD_ARGUMENTS
    assert cli.main(["describe-points", "/nowhere/at-all.csv"]) == cli.FAILED
    assert "at-all.csv" in capsys.readouterr().err


def test_job_file_of_a_windows_editor(tmp_path):
    saved = tmp_path / "job.json"
    saved.write_text(json.dumps(jobs.DescribePoints(points="ü.csv").to_dict()), encoding="utf-8-sig")
    assert cli.build_job(cli.parser().parse_args(["describe-points", "--job", str(saved)])).points == "ü.csv"


def test_a_scheduler_that_is_not_used_is_told(tmp_path):
    job = jobs.Simulate(output=str(tmp_path / "x.csv"), points=5, dates=5, scheduler="tcp://node:8786")
    assert any("tcp://node:8786" in text for text in dispatch.run(job, SILENT).warnings)


def test_whoever_reads_the_summary_may_leave(tmp_path):
    command = [sys.executable, "-m", "stillpoint.models", "simulate", "--points", "5", "--dates", "5", "--output", "x.csv"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path)
    running.stdout.close()
    errors = running.stderr.read()
    running.stderr.close()
    assert running.wait(timeout=60) == cli.DONE
    assert "Traceback" not in errors and "BrokenPipe" not in errors
    assert (tmp_path / "x.csv").is_file()
