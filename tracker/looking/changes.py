"""What a changed page says of its change: a note of a correction, in several languages, and the day of its last update.

Reads what was fetched and what was read; asks neither the web nor the database.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date

from tracker import dates
from tracker.sanitizing import plain_line

__all__ = ["correction_note", "updated_on"]

_LONGEST = 300  # characters of a note that are kept
_LOOKED_AT = 400  # characters of a paragraph: a note says at its beginning that it is one
_MOST_MARKUP = 500_000  # bytes

# At the beginning of a paragraph, in its own sentence.
_BEGINS = re.compile(
    r"""^\W{0,6}(?:
      corrections?\b(?=[^\w]*(?::|\(|–|—|-|\.|to\ |and\ |of\ |on\ |this|the|an?\ ))| corrected\b(?=\W) | clarifications?\b(?=\W*[:(–—.-])
    | editor(?:’|')?s?(?:’|')?\ note\b | (?:update|updated)\b(?=\W*[:(–—-]|\W+(?:on|at|with|to|[0-9]))
    | (?:berichtigung|korrektur|richtigstellung|aktualisierung|aktualisiert)\b | anm(?:erkung|\.)\ d(?:er|\.)\ red
    | (?:rectificatif|correctif|correction|erratum|mise\ à\ jour|précision)\b(?=\W*[:(–—-]|\W+d[ue]) | note\ de\ la\ rédaction
    | (?:corrección|rectificación|fe\ de\ err(?:atas|ores)|actualización|aclaración|nota\ del?\ (?:editor|redacción))\b
    | (?:correzione|rettifica|errata\ corrige|aggiornamento|nota\ della\ redazione)\b
    | (?:correção|errata|retificação|atualização|nota\ d[ao]\ (?:redação|editor))\b | (?:correctie|rectificatie|bijgewerkt)\b
    | (?:исправление|уточнение|поправка|обновлено)(?=\W) | (?:sprostowanie|aktualizacja)(?=\W)
    | \W?(?:정정|바로잡습니다|바로\ ?잡습니다|알립니다|수정)(?=\W|합니다|했습니다|보도) | (?:訂正|お詫びと訂正|追記|更新)(?=\W|があり|いたし|しま) | (?:更正|勘误|勘誤|订正)(?=\W|声明)
    | تصحيح(?=\W) | تنويه(?=\W)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# Anywhere in it.
_SAYS = re.compile(
    r"""(?:an\ )?(?:earlier|previous|original)\ version\ of\ this\ (?:article|story|report|page|post)
    | this\ (?:article|story|report|page|post|headline)\ (?:has\ been|was|had\ been)\ (?:corrected|updated|amended|edited|revised|changed)\b
    | in\ einer\ (?:früheren|ersten|vorherigen)\ (?:version|fassung) | (?:wurde|haben\ wir)\ (?:nachträglich\ )?(?:korrigiert|berichtigt|ergänzt)
    | (?:une|dans\ une)\ (?:première|précédente)\ version | version\ (?:précédente|antérieure)\ de\ cet\ article | cet\ article\ a\ été\ (?:corrigé|mis\ à\ jour|modifié)
    | una\ versión\ (?:anterior|previa) | este\ artículo\ (?:ha\ sido|fue)\ (?:corregido|actualizado|modificado)
    | una\ (?:precedente\ versione|versione\ precedente) | questo\ articolo\ è\ stato\ (?:corretto|aggiornato|modificato)
    | uma\ versão\ anterior | (?:este\ texto|esta\ (?:reportagem|matéria))\ foi\ (?:corrigid|atualizad|alterad)
    | een\ eerdere\ versie\ van\ dit | в\ (?:предыдущей|ранней)\ версии
    | (?:기사|본문|제목)(?:를|을|가|이)?\ ?(?:정정|수정|바로잡)(?:합니다|했습니다|하였습니다|됐습니다|되었습니다|습니다) | (?:당초|이전)\ (?:기사|보도)에서
    | (?:記事|本文|見出し)(?:の一部)?を(?:訂正|修正) | 本文(?:已|經|经)(?:更正|修订|修訂|更新) | 此前版本
    """,
    re.IGNORECASE | re.VERBOSE,
)
_MODIFIED = re.compile(
    rb"""["']dateModified["']\s*:\s*["'](\d{4}-\d\d-\d\d)
    | <meta\b[^>]{0,200}(?:article:modified_time|og:updated_time|itemprop\s*=\s*["']?dateModified|last-modified|dcterms\.modified)["'][^>]{0,100}?content\s*=\s*["'](\d{4}-\d\d-\d\d)
    | <meta\b[^>]{0,100}content\s*=\s*["'](\d{4}-\d\d-\d\d)[^>"']{0,40}["'][^>]{0,100}(?:article:modified_time|og:updated_time|dateModified|dcterms\.modified)
    | itemprop\s*=\s*["']?dateModified["']?[^>]{0,200}(?:datetime|content)\s*=\s*["'](\d{4}-\d\d-\d\d)""",
    re.IGNORECASE | re.VERBOSE,
)


def correction_note(paragraphs: Iterable[str], before: str) -> str:
    """The first paragraph that says that the article was corrected or updated, and did not stand in the text `before`;
    cut to 300 characters, '' when there is none."""
    for paragraph in paragraphs:
        beginning = paragraph[:_LOOKED_AT]
        if (_BEGINS.search(beginning) or _SAYS.search(beginning)) and paragraph not in before:
            return _as_a_line(paragraph)
    return ""


def _as_a_line(paragraph: str) -> str:
    text = " ".join(paragraph.split())
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
    try:
        return plain_line(text)
    except ValueError:  # it looks like HTML
        return ""


def updated_on(body: bytes) -> date | None:
    """The last day on which the page says, to programs, that it was updated; None when it does not."""
    days: list[date] = []
    for found in _MODIFIED.finditer(body[:_MOST_MARKUP]):
        day = next(filter(None, found.groups())).decode("ascii")
        with suppress(ValueError):
            days.append(dates.parse(day).earliest)
    return max(days, default=None)
