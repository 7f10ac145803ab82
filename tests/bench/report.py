"""What was measured, in Markdown."""

import os
import platform
import sqlite3
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from measuring import Cell
from questions import TASKS

__all__ = [
    "Cells",
    "Figure",
    "Goal",
    "cells_table",
    "figures_table",
    "geometric_mean",
    "machine",
    "ratios",
]

OURS = "On Record"
Cells = dict[tuple[str, str], Cell]


@dataclass(frozen=True)
class Goal:
    """A figure that is asked for, with how it must be and how we aim to have it."""

    name: str
    must: float
    aim: float
    unit: str = "x"
    at_least: bool = False

    def met(self, value: float) -> str:
        def within(bound: float) -> bool:
            return value >= bound if self.at_least else value <= bound

        if within(self.aim):
            return "aim met"
        return "met" if within(self.must) else "**not met**"

    def bound(self, value: float) -> str:
        return f"{'>=' if self.at_least else '<='} {_told(value, self.unit)}"


@dataclass(frozen=True)
class Figure:
    goal: Goal
    value: float | None  # None: not measured
    note: str = ""


def geometric_mean(values: Sequence[float]) -> float:
    return statistics.geometric_mean(values)


def ratios(cells: Cells, ours: str, theirs: str) -> dict[str, float]:
    """For each task that both answered our p50 as a part of theirs."""
    return {
        task: cells[ours, task].p50 / cells[theirs, task].p50
        for task in TASKS
        if (ours, task) in cells and (theirs, task) in cells
    }


def _told(value: float, unit: str) -> str:
    digits = 4 if value < 0.02 else 3 if value < 0.2 else 2 if value < 10 else 0
    return f"{value:,.{digits}f}" + {"x": "x", "": ""}.get(unit, f" {unit}")


def figures_table(figures: Sequence[Figure]) -> str:
    lines = ["| figure | measured | must | aim | |", "|---|---|---|---|---|"]
    for each in figures:
        goal = each.goal
        value = "not measured" if each.value is None else _told(each.value, goal.unit)
        met = "" if each.value is None else goal.met(each.value)
        note = f" ({each.note})" if each.note else ""
        lines.append(
            f"| {goal.name} | {value}{note} | {goal.bound(goal.must)} | {goal.bound(goal.aim)} | {met} |"
        )
    return "\n".join(lines)


def cells_table(cells: Cells, samples: int, ours: str = OURS) -> str:
    """Each cell: p50, p95 and milliseconds of a core; how our own p50 compares."""
    lines = [
        "| task | who | p50 ms | p95 ms | CPU ms | p50 to ours | |",
        "|---|---|---:|---:|---:|---:|---|",
    ]
    for task in TASKS:
        found = {who: cell for (who, about), cell in cells.items() if about == task}
        for who, cell in sorted(found.items(), key=lambda each: each[1].p50):
            own = f"{cell.p50 / found[ours].p50:.2f}x" if ours in found else ""
            notes = "; ".join(_notes(cell, samples))
            lines.append(
                f"| {task} | {who} | {cell.p50:.2f} | {cell.p95:.2f} | {cell.processor:.2f} | {own} | {notes} |"
            )
    return "\n".join(lines)


def _notes(cell: Cell, samples: int) -> Iterator[str]:
    if cell.failed:
        yield f"{cell.failed} of {len(cell.waits)} failed or came too late"
    if len(cell.waits) < samples:
        yield f"{len(cell.waits)} samples"


def machine() -> str:
    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    versions = ", ".join(f"{name} {version(name)}" for name in ("Django", "Datasette", "Gunicorn"))
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GB; {platform.system()}; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}; "
        f"{datetime.now(UTC):%d %B %Y}."
    )
