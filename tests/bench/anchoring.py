"""Times looking for words in a text of 40,000 characters: `python tests/bench/anchoring.py`.

Reads ../shared/data/quotes/dev.jsonl; prints for each way of finding the median and the slowest of many wordings, in
milliseconds of processor time, and how many were found. Then checks every quotation of these articles in its own article.
"""

import json
import random
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

from tracker.anchoring import check, locate, select  # noqa: E402

NEWS = ROOT.parent / "shared" / "data" / "quotes" / "dev.jsonl"
LENGTH, WORDINGS = 40_000, 200


def misspelt(words: str, rng: random.Random) -> str:
    letters = list(words)
    for n in rng.sample(range(len(letters)), len(letters) // 20 + 1):
        letters[n] = rng.choice("aeinrst")
    return "".join(letters)


def main() -> None:
    if not NEWS.exists():
        sys.exit(f"There is no {NEWS}: nothing to time.")
    articles = [json.loads(line) for line in NEWS.read_text().splitlines()]
    rng = random.Random(1)
    news = "\n".join(each["text"] for each in articles)
    timed(news, rng)
    checked(articles)


def timed(news: str, rng: random.Random) -> None:
    ways = {
        "exact": lambda words: words,
        "folded": str.upper,
        "fuzzy": lambda words: misspelt(words, rng),
        "not there": lambda words: words[::-1],
    }
    for name, changed in ways.items():
        took, there = [], 0
        for _ in range(WORDINGS):
            begin = rng.randrange(len(news) - LENGTH)
            text = news[begin : begin + LENGTH]
            at = rng.randrange(LENGTH - 1_000)
            words = " ".join(text[at : at + rng.randrange(40, 300)].split()[1:-1])
            wording = changed(words)
            started = time.process_time()
            found = locate(wording, text)
            took.append(1_000 * (time.process_time() - started))
            there += bool(found)
        sys.stdout.write(
            f"{name:10} median {statistics.median(took):5.2f} ms, slowest {max(took):5.2f} ms, "
            f"found {there} of {WORDINGS}\n"
        )


def checked(articles: list[dict]) -> None:
    results: Counter[str] = Counter()
    started = time.process_time()
    for article in articles:
        for quote in article["quotes"]:
            selectors = select(article["text"], quote["parts"])
            wording = " ".join(each.exact for each in selectors)
            results[f"{quote['kind']}: {check(selectors, wording, article['text']).result}"] += 1
    took = 1_000 * (time.process_time() - started) / max(1, results.total())
    for name, count in sorted(results.items()):
        sys.stdout.write(f"{name:20} {count}\n")
    sys.stdout.write(f"{took:.1f} ms a check\n")


if __name__ == "__main__":
    main()
