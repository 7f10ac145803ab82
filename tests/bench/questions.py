"""What every contender is asked, and what an answer says."""

from dataclasses import dataclass

from vocabulary import COMMON, MIDDLING, PHRASES, PREFIXES, RARE

__all__ = ["PAGE", "SIZE", "TASKS", "Found", "Question", "questions_about"]

SIZE = 50  # rows of a page
PAGE = 1_000  # the page far on; with fewer pages than that, the one half way

TASKS = (
    *("rare word", "common word", "two words", "phrase", "prefix"),
    *("common word, best match", "two words, best match"),
    *("speaker", "speaker and year", "speaker and word"),
    *("20 speakers' counts", "count", "latest", "page 1,000", "speaker's years"),
)


@dataclass(frozen=True)
class Question:
    """Ids and speakers are those of the plain database; each contender translates them."""

    task: str
    words: str = ""  # as a reader types them: people harvest, "perfect storm", hydro*
    speaker: str = ""  # a name
    year: int = 0
    best: bool = False  # the best match first, not the newest
    after: int = 0  # the last quote of the page before
    page: int = 1

    @property
    def wants_count(self) -> bool:
        return self.task == "count"

    @property
    def wants_facet(self) -> bool:
        return self.task == "20 speakers' counts"

    @property
    def wants_years(self) -> bool:
        return self.task == "speaker's years"

    @property
    def wants_rows(self) -> bool:
        return not (self.wants_count or self.wants_facet or self.wants_years)


@dataclass(frozen=True)
class Found:
    """Of an answer all that can be compared; None where it does not say."""

    ids: tuple[int, ...] | None = None  # of the plain database
    count: int | None = None
    at_least: bool = False  # its numbers are lower bounds: "10,000+"
    speakers: dict[str, int] | None = None  # the most frequent ones, with their numbers
    years: tuple[int, ...] | None = None  # numbers of quotes, in order of years


def questions_about(
    speakers: list[str], years: list[int], *, after: int, page: int
) -> list[Question]:
    """Some for every task, about speakers with many and with few quotes."""
    asked: dict[str, list[dict[str, object]]] = {
        "rare word": [{"words": word} for word in RARE],
        "common word": [{"words": word} for word in COMMON],
        "two words": [
            {"words": f"{one} {other}"} for one, other in zip(COMMON, MIDDLING, strict=True)
        ],
        "phrase": [{"words": f'"{phrase}"'} for phrase in PHRASES],
        "prefix": [{"words": f"{prefix}*"} for prefix in PREFIXES],
        "speaker": [{"speaker": name} for name in speakers],
        "speaker and year": [
            {"speaker": name, "year": year} for name in speakers for year in years
        ],
        "speaker and word": [
            {"speaker": name, "words": word}
            for name, word in zip(speakers, COMMON * len(speakers), strict=False)
        ],
        "latest": [{}],
        "page 1,000": [{"after": after, "page": page}],
    }
    asked["20 speakers' counts"] = asked["count"] = asked["common word"]
    asked["speaker's years"] = asked["speaker"][:3]  # a chart of a few quotes says nothing
    for task in ("common word", "two words"):
        asked[f"{task}, best match"] = [each | {"best": True} for each in asked[task]]
    return [Question(task, **each) for task in TASKS for each in asked[task]]  # type: ignore[arg-type]
