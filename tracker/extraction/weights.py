"""The trained weights as files: one for the tagger, one for the rankers and the judge."""

import json
import lzma
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tracker.extraction.tagging import Tagger

__all__ = ["SHIPPED", "Extractor", "Weights", "WeightsError", "load", "save"]

SHIPPED = Path(__file__).parent / "weights"
_TAGGER, _OTHERS = "tagger.crfsuite.xz", "choosing.json.xz"
_VERSION = 1  # of what features mean: weights of another version would choose at random


class WeightsError(ValueError):
    """A directory without usable weights; the message says which file and why."""


@dataclass(frozen=True, slots=True)
class Weights:
    """All that was learned."""

    tagger: bytes
    cue_words: Mapping[str, str]
    cues: Mapping[str, float]
    speakers: Mapping[str, float]
    judge: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Extractor:
    """Weights that are ready for use."""

    tagger: Tagger
    weights: Weights


def save(weights: Weights, directory: Path) -> int:
    """Write the weights, the same bytes for the same weights; returns how many bytes there are."""
    directory.mkdir(parents=True, exist_ok=True)
    others = {
        "version": _VERSION,
        "cue_words": weights.cue_words,
        "cues": weights.cues,
        "speakers": weights.speakers,
        "judge": weights.judge,
    }
    packed = json.dumps(others, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    size = 0
    for name, content in ((_TAGGER, weights.tagger), (_OTHERS, packed.encode())):
        compressed = lzma.compress(content, preset=9)  # no time in it, unlike gzip
        (directory / name).write_bytes(compressed)
        size += len(compressed)
    load.cache_clear()
    return size


@lru_cache(maxsize=2)
def load(directory: Path = SHIPPED) -> Extractor:
    """The weights of a directory; `WeightsError` where there are none.

    They are read once in each process: a server must be started again to use new ones.
    """
    try:
        model = lzma.decompress((directory / _TAGGER).read_bytes())
        others = json.loads(lzma.decompress((directory / _OTHERS).read_bytes()))
        if others["version"] != _VERSION:
            raise WeightsError(
                f"{directory}: these weights are of another version; train them anew."
            )
        weights = Weights(
            model, others["cue_words"], others["cues"], others["speakers"], others["judge"]
        )
        return Extractor(Tagger(model, weights.cue_words), weights)
    except WeightsError:
        raise
    except OSError as error:
        where = error.filename or directory
        raise WeightsError(f"{where}: {error.strerror or error}.") from error
    except (ValueError, KeyError, TypeError, EOFError, lzma.LZMAError) as error:
        raise WeightsError(f"{directory}: these are no weights of the extractor.") from error
