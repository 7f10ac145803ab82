"""`manage.py find_quotes DOCS.jsonl --output PRED.jsonl`: the quotes of many articles, as JSON Lines. Asks no database."""

import json
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from tracker.extraction import FoundQuote, Place, SampleError, WeightsError, find_quotes
from tracker.extraction.samples import Document, read_documents
from tracker.extraction.weights import SHIPPED, load


class Command(BaseCommand):
    help = (
        "Find the quotes of articles. DOCS.jsonl has one article a line: "
        '{"doc_id": "1", "text": "...", "lang": "en"}. PRED.jsonl gets one line for each: '
        "doc_id, quotes and the seconds that it took. Offsets count code points, ends are exclusive."
    )
    requires_system_checks = ()  # nothing of the site is asked

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="DOCS.jsonl")
        parser.add_argument("--output", type=Path, required=True, metavar="PRED.jsonl")
        parser.add_argument(
            "--weights",
            type=Path,
            default=settings.EXTRACTOR_WEIGHTS,
            help="a directory of weights (default: the setting EXTRACTOR_WEIGHTS, or the shipped ones)",
        )
        parser.add_argument(
            "--least",
            type=float,
            default=0.0,
            metavar="CONFIDENCE",
            help="leave out quotes that are less sure than this, from 0 to 1",
        )

    def handle(
        self,
        *args: Any,
        file: Path,
        output: Path,
        weights: Path | None,
        least: float,
        **options: Any,
    ) -> None:
        if output.exists() and file.exists() and output.samefile(file):
            raise CommandError(f"{output} has the articles: say another file for their quotes.")
        try:
            documents = list(read_documents(file))
            load(weights or SHIPPED)  # before the first article's time is taken
            lines = [
                self._line(document, weights, least)
                for document in tqdm(documents, unit="article", disable=None, leave=False)
            ]
        except (SampleError, WeightsError) as error:
            raise CommandError(str(error)) from error
        try:
            output.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{output}: {error.strerror or error}.") from error
        self.stdout.write(f"{len(lines):,} articles; {output} has their quotes.")

    def _line(self, document: Document, weights: Path | None, least: float) -> str:
        began = time.perf_counter()
        found = find_quotes(document.text, language=document.language, weights=weights)
        seconds = time.perf_counter() - began
        quotes = [_row(quote) for quote in found if quote.confidence >= least]
        row = {"doc_id": document.doc_id, "quotes": quotes, "seconds": round(seconds, 6)}
        return json.dumps(row, ensure_ascii=False)


def _row(quote: FoundQuote) -> dict[str, Any]:
    return {
        "start": quote.start,
        "end": quote.end,
        "parts": [[part.start, part.end] for part in quote.parts],
        "kind": quote.kind,
        "text": quote.text,
        **_place("speaker", quote.speaker),
        "speaker_name": quote.name or None,
        **_place("cue", quote.cue),
        "confidence": quote.confidence,
        "doubts": list(quote.doubts),
    }


def _place(name: str, place: Place | None) -> dict[str, Any]:
    return {
        name: place.text if place else None,
        f"{name}_start": place.start if place else None,
        f"{name}_end": place.end if place else None,
    }
