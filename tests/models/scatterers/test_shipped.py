"""The weights that are shipped do what their card says, on a scene that no training saw."""

from __future__ import annotations

import numpy as np

from stillpoint.models.learning.metrics import average_precision, calibration_error
from stillpoint.models.scatterers.examples import draw
from stillpoint.models.scatterers.methods import judge
from stillpoint.models.scatterers.network import PS_NOISE
from stillpoint.tests.models.scatterers.stacks import seen, small_scene


def test_the_default_ranks_better_than_phase_stability_alone_and_knows_its_doubt():
    scene = small_scene(rows=120, cols=110, dates=20, seed=77)
    truth = scene.noise.ravel() < PS_NOISE
    verdict = judge("default", seen(scene, 3))
    probability = verdict.probability.ravel()
    found = average_precision(truth, probability)
    assert found > 0.85
    assert found > average_precision(truth, verdict.gamma.ravel())
    assert calibration_error(truth, probability) < 0.06
    steady = truth & (probability > verdict.threshold)
    assert np.median(np.abs(verdict.noise.ravel() - scene.noise.ravel())[steady]) < 0.15


def test_bright_points_with_an_unsteady_phase_are_not_taken():
    chosen = bright = 0
    for index in range(3):
        observations, noise = draw(912_345, index)
        if observations.amplitude is None:
            continue
        verdict = judge("default", observations)
        mean = observations.amplitude.mean(axis=0)
        fickle = (mean > 4 * np.median(mean)) & (noise > 1.2)
        bright += int(fickle.sum())
        chosen += int((fickle & (verdict.probability >= verdict.threshold)).sum())
    assert bright > 20
    assert chosen < 0.25 * bright
