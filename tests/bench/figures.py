"""The figures that are asked for, and those of them that follow from the cells."""

from report import OURS, Cells, Figure, Goal, geometric_mean, ratios

__all__ = ["ANEW", "GOALS", "page_figures"]

ANEW = "On Record, anew"  # with no page kept

GOALS = {
    "datasette": Goal("our page against tuned Datasette's, p50, geometric mean", 1 / 4, 1 / 10),
    "worst": Goal("the same, our worst task", 1 / 2, 1 / 2),
    "datasette, anew": Goal("our page made anew against tuned Datasette's", 1 / 4, 1 / 10),
    "worst, anew": Goal("the same, our worst task", 1 / 2, 1 / 2),
    "tutorial": Goal("our page against the tutorial app's, p50, geometric mean", 1 / 40, 1 / 100),
    "tutorial, anew": Goal("our page made anew against the tutorial app's", 1 / 40, 1 / 100),
    "raw": Goal("our page against the best raw SQL, common word, newest first", 12, 4),
    "raw, anew": Goal("our page made anew against the best raw SQL", 12, 4),
    "growth": Goal("growth: newest search, browse, keyset, the worst of them", 2, 1.3),
    "growth of counts": Goal("growth: best match and facets on common words, the worst", 5, 2.5),
    "throughput": Goal(
        "answers a second, 16 connections, search mix, against two tuned Datasettes",
        5,
        15,
        at_least=True,
    ),
    "import": Goal("import against executemany of the same rows", 0.10, 0.30, at_least=True),
    "readers": Goal("readers' p95 while an import runs, against idle", 3, 1.5),
    "memory": Goal("memory of 2 web workers after the run", 200, 120, "MB"),
    "memory growth": Goal("the same, against the smallest corpus", 1.3, 1.05),
    "save": Goal("an editor's save, p95", 20, 5, "ms"),
    "save during import": Goal("an editor's save during an import, p95", 20, 5, "ms"),
    "rename": Goal("renaming the speaker with most quotes", 5, 1.5, "s"),
    "recall": Goal("Korean, 2 or more characters, recall", 1, 1, "", at_least=True),
    "korean": Goal("the same, first page, p95", 5, 5, "ms"),
}
_GROWTH = ("common word", "latest", "page 1,000")
_GROWTH_OF_COUNTS = ("common word, best match", "20 speakers' counts")


_DATASETTE, _TUTORIAL, _BEST = "Datasette tuned", "tutorial app", "best SQL"


def page_figures(cells: dict[int, Cells], memory: dict[int, float]) -> list[Figure]:
    """At the largest corpus; growth from the smallest one, of pages made anew."""
    smallest, largest = min(cells), max(cells)
    figures = [
        *_against_others(cells[largest], OURS, ""),
        *_against_others(cells[largest], ANEW, ", anew"),
        Figure(GOALS["memory"], memory[largest]),
    ]
    if largest > smallest:
        for name, tasks in (("growth", _GROWTH), ("growth of counts", _GROWTH_OF_COUNTS)):
            grown = {
                task: cells[largest][ANEW, task].p50 / cells[smallest][ANEW, task].p50
                for task in tasks
            }
            note = ", ".join(f"{task} {growth:.2f}x" for task, growth in grown.items())
            figures.append(Figure(GOALS[name], max(grown.values()), note))
        figures.append(Figure(GOALS["memory growth"], memory[largest] / memory[smallest]))
    return figures


def _against_others(here: Cells, ours: str, how: str) -> list[Figure]:
    against, slower = ratios(here, ours, _DATASETTE), ratios(here, ours, _TUTORIAL)
    worst = max(against, key=against.__getitem__)
    raw = here[ours, "common word"].p50 / here[_BEST, "common word"].p50
    return [
        Figure(GOALS[f"datasette{how}"], geometric_mean(list(against.values()))),
        Figure(GOALS[f"worst{how}"], against[worst], worst),
        Figure(GOALS[f"tutorial{how}"], geometric_mean(list(slower.values()))),
        Figure(GOALS[f"raw{how}"], raw, f"{here[_BEST, 'common word'].p50:.2f} ms raw"),
    ]
