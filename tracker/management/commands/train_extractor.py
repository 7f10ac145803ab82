"""`manage.py train_extractor TRAIN.jsonl`: the extractor learns from annotated articles. Asks the database only with --desk."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from tracker.extraction import TICKED_FROM, SampleError, find_quotes
from tracker.extraction.samples import Sample, read_samples, samples_in
from tracker.extraction.scoring import Predicted, Score, scores
from tracker.extraction.training import steps, train
from tracker.extraction.weights import save
from tracker.importing import decided_samples

_FEWEST = 20  # articles: with fewer, most folds would not even have each label


class Command(BaseCommand):
    help = (
        "Train the extractor. Each line of a file is an article with all of its quotes: "
        '{"doc_id", "text", "quotes": [{"parts": [[start, end], ...], "speaker_start", '
        '"speaker_end", "cue_start", "cue_end"}]}. The same files give the same weights.'
    )
    requires_system_checks = ()  # nothing of the site is asked

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="TRAIN.jsonl")
        parser.add_argument(
            "--confirmed",
            type=Path,
            metavar="MORE.jsonl",
            help="articles whose quotes editors confirmed and corrected, in the same format",
        )
        parser.add_argument(
            "--desk",
            action="store_true",
            help="learn also from the articles whose quotes were all decided at this desk",
        )
        parser.add_argument(
            "--test",
            type=Path,
            metavar="DEV.jsonl",
            help="articles to score on, in the same format (default: every tenth one is kept back)",
        )
        parser.add_argument(
            "--output",
            type=Path,
            default=settings.EXTRACTOR_WEIGHTS,
            metavar="DIRECTORY",
            help="where the weights go (default: the setting EXTRACTOR_WEIGHTS)",
        )

    def handle(
        self,
        *args: Any,
        file: Path,
        confirmed: Path | None,
        desk: bool,
        test: Path | None,
        output: Path | None,
        **options: Any,
    ) -> None:
        for given in filter(None, (file, confirmed, test)):
            if not given.exists():
                raise CommandError(f"{given}: there is no such file.")
        if output is None:
            raise CommandError("Say where the weights go: set EXTRACTOR_WEIGHTS, or give --output.")
        try:
            output.mkdir(parents=True, exist_ok=True)
            samples = read_samples(file) + (read_samples(confirmed) if confirmed else [])
            samples += samples_in(decided_samples(), "the desk") if desk else []
            tests = read_samples(test) if test else samples[9::10]
        except SampleError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{output}: {error.strerror or error}.") from error
        if not test:
            samples = [sample for n, sample in enumerate(samples) if n % 10 != 9]
        if len(samples) < _FEWEST:
            raise CommandError(
                f"There are {len(samples)} articles to learn from; it takes {_FEWEST} at least."
            )
        size = self._train(samples, output)
        self.stdout.write(f"Learned from {len(samples):,} articles: {size:,} bytes in {output}.")
        self._score(tests, output)

    def _train(self, samples: Sequence[Sample], output: Path) -> int:
        with tqdm(total=steps(), unit="step", disable=None, leave=False) as bar:

            def tell(step: str) -> None:
                bar.set_description(step)
                bar.update()

            return save(train(samples, tell=tell), output)

    def _score(self, tests: Sequence[Sample], output: Path) -> None:
        everything, ticked = [], []
        for sample in tqdm(tests, unit="article", disable=None, leave=False):
            found = find_quotes(sample.text, language="en", weights=output)
            rows = [
                Predicted(
                    tuple((part.start, part.end) for part in quote.parts),
                    (quote.speaker.start, quote.speaker.end) if quote.speaker else None,
                    quote.name,
                )
                for quote in found
            ]
            everything.append((sample, rows))
            sure = [
                row
                for row, quote in zip(rows, found, strict=True)
                if quote.confidence >= TICKED_FROM
            ]
            ticked.append((sample, sure))
        self.stdout.write(f"Scores on {len(tests):,} articles, in percent:")
        self._print(scores(everything))
        self.stdout.write(f"Of those ticked by default (confidence {TICKED_FROM} or more):")
        self._print(scores(ticked))

    def _print(self, rows: Sequence[Score]) -> None:
        for row in rows:
            self.stdout.write(
                f"  {row.what:<28} precision {100 * row.precision:5.1f}  recall {100 * row.recall:5.1f}"
                f"  F1 {100 * row.f1:5.1f}  ({row.annotated:,} annotated, {row.found:,} found)"
            )
