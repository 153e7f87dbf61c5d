"""The stack of the demo: what goes wrong in it is what it promises."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest

from stillpoint.models.jobs import Simulate
from stillpoint.models.progress import SILENT
from stillpoint.models.rasters.stack import open_stack
from stillpoint.models.simulation.network_demo import demo_network, demo_plan
from stillpoint.models.simulation.network_files import write_network
from stillpoint.models.simulation.network_simulation import simulate_network
from stillpoint.models.simulation.simulate import simulate


@pytest.mark.parametrize("seed", [1, 2])
def test_one_error_one_decorrelation_and_one_stormy_date(seed):
    made = demo_network(seed, size=64, dates=8)
    assert sorted(kind for kind, bad in zip(made.kinds, made.bad) if bad) == ["decorrelated", "unwrapping error"]
    assert made.plan.strong.sum() == 1 and made.strong.sum() == 6 and not (made.strong & made.bad).any()
    assert made.network.unwrapped and made.network.coherence is not None and made.network.shape == (64, 64)
    np.testing.assert_array_equal(demo_network(seed, size=64, dates=8).network.phase, made.network.phase)


@pytest.mark.parametrize(("sign", "convention"), [(-1, "reference-secondary"), (1, "secondary-reference")])
def test_stack_says_which_way_its_phase_counts(sign, convention, tmp_path):
    rng = np.random.default_rng(3)
    plan, faults = demo_plan(rng, size=64, dates=6)
    made = simulate_network(rng, replace(plan, sign=sign), faults=[""] * len(faults))
    write_network(made, str(tmp_path / "n.tif"))
    with open_stack(str(tmp_path / "n.tif")) as stack:
        assert stack.metadata["PHASE_CONVENTION"] == convention
    grown = made.true_phase[-1] - made.true_phase[0]  # two calm dates
    assert sign * float(np.corrcoef(grown.ravel(), made.velocity.ravel())[0, 1]) > 0.4


@pytest.mark.parametrize("dates", [5, 20])
def test_plan_keeps_all_dates_in_loops(dates):
    plan, faults = demo_plan(np.random.default_rng(1), size=64, dates=dates)
    assert sorted(filter(None, faults)) == ["decorrelated", "jump"] and len(plan.pairs) == 3 * dates - 6
    assert (np.bincount(plan.pairs.ravel()) >= 3).all()


def test_job_gives_the_demo_unless_another_site_is_named(tmp_path):
    result = simulate(Simulate(what="interferograms", output=str(tmp_path / "n.tif"), size=64, dates=6), SILENT)
    assert result.details["kinds"]["unwrapping error"] == 1 and result.details["bad"] == 2 and result.details["dates"] == 6
    with open(result.outputs["truth"], newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert sum(row["bad"] == "1" for row in rows) == 2 and len({row["strong_atmosphere"] for row in rows}) == 2
