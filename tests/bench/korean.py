"""Whether Korean words are found wherever they stand, inside of longer words too."""

import math
import re

from measuring import high
from ours import Ours
from questions import SIZE, Question
from serving import Client
from vocabulary import KOREAN_PARTS

__all__ = ["korean_found"]

_TIMES = 7


def korean_found(ours: Ours) -> tuple[float, float]:
    """The recall of the worst of the words asked for, all pages read, and the p95 of their first pages in milliseconds."""
    client, recall, waits = Client(ours.server.port), 1.0, []
    for part in KOREAN_PARTS:
        path = ours.path(Question("korean", words=part))
        assert path
        waits += [1000 * client.get(path).seconds for _ in range(_TIMES)]
        holding = ours.plain.rows("SELECT reference FROM quote WHERE text LIKE ?", f"%{part}%")
        expected = {row[0] for row in holding}
        found = _all_found(ours, client, path, math.ceil(len(expected) / SIZE) + 1)
        recall = min(recall, len(expected & found) / len(expected) if expected else 1.0)
    client.close()
    return recall, high(waits)


def _all_found(ours: Ours, client: Client, path: str, pages: int) -> set[str]:
    """The references of the quotes on all pages."""
    own: dict[str, None] = {}
    for _ in range(pages):
        after = f"&after={next(reversed(own))}" if own else ""
        new = re.findall(r'href="/quotes/(\d+)/', client.get(f"{path}{after}").body)
        if not new:
            break
        own |= dict.fromkeys(new)
    return {ours.reference(int(each)) for each in own}
