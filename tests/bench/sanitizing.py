"""Times the cleaning of hostile HTML and text: `python tests/bench/sanitizing.py`.

Reads ../shared/data/hostile; prints for each file the slowest row in milliseconds of processor time.
"""

import sys
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from test_sanitizing import HOSTILE, HTML_FILES, payloads  # noqa: E402

from tracker.sanitizing import UnsafeText, clean_html, clean_page, plain_words  # noqa: E402


def slowest(name: str) -> tuple[float, str]:
    worst = (0.0, "")
    for payload in payloads(name):
        for clean in (clean_html, clean_page, plain_words):
            start = time.process_time()
            with suppress(UnsafeText):
                clean(payload)
            worst = max(worst, (time.process_time() - start, clean.__name__))
    return worst


def main() -> None:
    if not HOSTILE.exists():
        sys.exit(f"There is no {HOSTILE}: nothing to time.")
    for name in HTML_FILES:
        seconds, clean = slowest(name)
        sys.stdout.write(f"{name:20} slowest {seconds * 1000:8.1f} ms ({clean})\n")


if __name__ == "__main__":
    main()
