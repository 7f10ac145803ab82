"""How long an article takes on its way in, and a hostile text: `python tests/bench/importing.py [--runs N]`.

It works on a scratch SQLite database with the demo data. Prints the median and the slowest of the runs in seconds of
processor time, beside what each must keep.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pages import prepared

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

TEXT = 2.0  # what a text of any kind must keep, and the way from paste to review
SIXTY = 6.0  # sixty quotes saved and published together


def seconds(act: Callable[[], Any]) -> float:
    begun = time.process_time()
    act()
    return time.process_time() - begun


def told(name: str, took: list[float], must: float) -> None:
    kept = "" if max(took) < must else "  NOT KEPT"
    sys.stdout.write(
        f"{name:44} median {statistics.median(took):5.2f}, slowest {max(took):5.2f}, must {must:.0f}{kept}\n"
    )


def articles(runs: int) -> None:
    """From the paste form to the review page, and sixty cards from there to publication."""
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.urls import reverse
    from seoul import ARTICLE, long_article, sixty_quotes

    desk, form = Client(), reverse("admin:tracker_article_import")
    desk.force_login(get_user_model().objects.get(username="editor"))

    def publish(review: str, cards: dict[str, str]) -> None:
        answer = desk.post(review, cards)
        if answer.status_code != 302:
            sys.exit(f"The cards were not saved: {answer.status_code}")

    def pasted(text: str, run: str) -> str:
        given = {"text": text, "url": f"https://news.example.org/{run}"}
        return desk.post(form, given).headers["Location"]

    desk.get(pasted(ARTICLE, "first"))  # the weights are loaded once
    took = [seconds(lambda n=n: desk.get(pasted(long_article(), f"long-{n}"))) for n in range(runs)]
    told("6,000 words, from paste to review", took, TEXT)

    shown, saved = [], []
    for n in range(runs):
        review = pasted(sixty_quotes(), f"sixty-{n}")
        shown.append(seconds(lambda review=review: desk.get(review)))
        cards = accepted(desk.get(review))
        saved.append(seconds(lambda review=review, cards=cards: publish(review, cards)))
    told("60 cards shown", shown, TEXT)
    told("60 cards saved and published", saved, SIXTY)


def accepted(page: Any) -> dict[str, str]:
    """What a browser would send of the review page with every card accepted, all said by one speaker."""
    from desk import as_sent

    sent = as_sent(page.content.decode())
    for name in [name for name in sent if name.endswith("-decision")]:
        card = name.removesuffix("-decision")
        sent |= {name: "accept", f"{card}-speaker": "Jason Kwon"}
        sent.pop(f"{card}-is_new", None)
    return sent | {"_publish": "1"}


def hostile(runs: int) -> None:
    """Texts made to keep a program busy, for what reads them."""
    from test_anchoring_places import HOSTILE as SEARCHED
    from test_extraction_speed import HOSTILE as READ

    from tracker.anchoring import anchor
    from tracker.extraction import find_quotes

    for name, text in READ.items():
        took = [seconds(lambda text=text: find_quotes(text, language="en")) for _ in range(runs)]
        told(f"quotes of {name}", took, TEXT)
    for name, text in SEARCHED.items():
        took = [seconds(lambda text=text: anchor(text[:9_000] + " b", text)) for _ in range(runs)]
        told(f"a wording in {name}", took, TEXT)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        prepared(f"sqlite:///{Path(folder) / 'bench.sqlite3'}", 0)
        articles(runs)
        hostile(runs)


if __name__ == "__main__":
    main()
