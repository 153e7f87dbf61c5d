"""The five trend classes and the fields of a classified layer. Light: QGIS's side imports it too."""

from __future__ import annotations

from typing import Tuple

from stillpoint.models.points.table import Column

STABLE, LINEAR, QUADRATIC, BILINEAR, UNWRAPPING_ERROR = range(5)

NAMES: Tuple[str, ...] = ("Stable", "Linear", "Quadratic", "Bilinear", "Phase unwrapping error")
"""Name of each class; its index is the class code."""

NOT_CLASSIFIED = "Not classified"
"""Text of the field ``trend`` where the classifier abstains; ``trend_code`` is then missing."""

FIELDS: Tuple[Column, ...] = (
    Column("trend", "text", "Trend class"),
    Column("trend_code", "integer", "Code of the trend class, 0..4; missing where not classified"),
    Column("confidence", "real", "Probability of the class, 0..1"),
    Column("runner_up", "text", "Second most probable class"),
    Column("reason", "text", "Why the point was not classified; empty where it was"),
    Column("p_0", "real", "Probability of Stable"),
    Column("p_1", "real", "Probability of Linear"),
    Column("p_2", "real", "Probability of Quadratic"),
    Column("p_3", "real", "Probability of Bilinear"),
    Column("p_4", "real", "Probability of Phase unwrapping error"),
    Column("velocity", "real", "Mean velocity over the whole span, jumps removed, mm/yr"),
    Column("vel_se", "real", "Standard error of velocity, mm/yr"),
    Column("velocity_1", "real", "Velocity before the break, mm/yr (Bilinear)"),
    Column("vel1_se", "real", "Standard error of velocity_1, mm/yr"),
    Column("velocity_2", "real", "Velocity after the break, mm/yr (Bilinear)"),
    Column("vel2_se", "real", "Standard error of velocity_2, mm/yr"),
    Column("break_date", "date", "Date of the break (Bilinear)"),
    Column("break_lo", "date", "Start of the 95 % interval of the break date"),
    Column("break_hi", "date", "End of the 95 % interval of the break date"),
    Column("accel", "real", "Acceleration, mm/yr2 (Quadratic)"),
    Column("jumps", "integer", "Number of phase jumps found (multiples of half a wavelength)"),
    Column("annual", "real", "Amplitude of the annual motion, mm"),
    Column("rmse", "real", "Root mean square of the residuals of the fitted trend, mm"),
    Column("epochs", "integer", "Number of epochs with a value"),
)
"""Fields that a classification adds, in order. All names fit a shapefile's ten characters."""
