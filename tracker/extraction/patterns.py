"""Finds quotes by their marks and by patterns, in languages that the model has not learned.

Each language says what follows or goes before quoted words, and how its speakers are named. Nothing
here is sure enough to be taken without being looked at.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from tracker.extraction.found import DIRECT, FoundQuote, Place
from tracker.extraction.lexicon import word_set
from tracker.extraction.marks import Region, paragraphs, quoted_regions
from tracker.extraction.naming import Registry

__all__ = ["find_by_patterns"]

_WITH_BOTH, _WITH_CUE, _ALONE = 0.75, 0.6, 0.35
_NEAR = 160  # characters beside the marks in which a cue or a speaker may stand
_MOST_QUOTES, _MOST_TEXT = 2_000, 200_000


@dataclass(frozen=True, slots=True)
class _Language:
    """How a language attributes: patterns with the groups `cue` and `speaker`, either of them."""

    behind: tuple[re.Pattern[str], ...]  # matched right behind the closing mark
    before: tuple[re.Pattern[str], ...]  # searched in what goes before; must end at the mark
    subject: re.Pattern[str] | None  # searched before the mark where no pattern named a speaker
    pronouns: frozenset[str]
    sentence_ends: str


def _patterns(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


_KO_CUE = (
    r"(?:말|밝|강조|설명|전|덧붙|주장|지적|언급|답|답변|약속|경고|비판|평가|발표|당부|촉구|호소|토로|반박|반문"
    r"|물었|외쳤|적었|썼|이야기|얘기|제안|요청|전망|예상|단언|회상|진단|했|하)[가-힣]{0,6}"
)
_KOREAN = _Language(
    behind=_patterns(
        rf"(?:이?라고|이?라며|이?라면서|이?라는|고|며|면서)(?:도|는)?\s*(?:[^\s.“”\"‘’]+\s+){{0,4}}?(?P<cue>{_KO_CUE})",
        r"(?P<cue>이?라며|이?라면서|며|면서|이?라고|고)도?(?=[\s,.])",
        r"(?:이?라는|는|란)\s(?P<cue>입장|취지|의견|주장|뜻|말|설명|지적)",
    ),
    before=(),
    subject=re.compile(
        r"(?:^\s*(?!이?라[는며면고]|[고며]\s|면서)|[.\"”’」』]\s*|,\s)"
        r"(?:(?:이에 대해|이에|이어|또한?|한편|그러면서|이날|특히|앞서)\s)*(?P<speaker>(?:[^\s.,\"“”‘’「」]{1,20}\s){0,5}?[^\s.,\"“”‘’「」]{1,20}?)"
        r"(?:은|는|이|가|도)(?=[\s,])"
    ),
    pronouns=frozenset(("그", "그녀", "그들", "이들")),
    sentence_ends=".?!",
)
_KO_TITLES = word_set(
    "대통령 총리 장관 차관 의원 대표 위원장 시장 지사 도지사 군수 구청장 회장 부회장 사장 부사장 이사 이사장"
    " 교수 총장 총재 원내대표 최고위원 수석 실장 국장 과장 팀장 본부장 센터장 소장 원장 청장 처장 대변인 후보"
    " 대사 감독 선수 변호사 판사 검사 박사 연구원 기자 작가 책임자 씨 님"
)
_KO_TITLE = re.compile(rf"[가-힣A-Za-z]*?(?:{'|'.join(sorted(_KO_TITLES - {'씨', '님'}))})|씨|님")
_KO_FORMER = frozenset(("전", "현", "전직", "현직", "신임", "당시"))
_KO_FAMILY = frozenset(
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민나진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹탁"
)
_KO_WORD = re.compile("[가-힣]+")
# Three syllables that begin with a family name, and do not end as an authority or a place does.
_KO_FULL_NAME = re.compile(
    rf"[{''.join(sorted(_KO_FAMILY))}][가-힣][가-힣](?<![부당청처시군구도측회사])"
)
_JA_CUE = (
    r"(?:述べ|語[っり]|話し|指摘し|強調し|説明し|言っ|いっ|明らかにし|コメントし|書い|訴え|主張し|答え|表明し|批判し"
    r"|呼びかけ|付け加え|強調|発言し|し(?=た|て))[ぁ-ん]{0,4}"
)
_JAPANESE = _Language(
    behind=_patterns(
        rf"(?:と|などと)(?P<speaker>[^、。「」『』\n]{{2,20}}?)(?:は|が)(?P<cue>{_JA_CUE})",
        rf"(?:と|などと|とも)[^。「」『』\n]{{0,24}}?(?P<cue>{_JA_CUE})",
    ),
    before=(),
    subject=re.compile(
        r"(?:^\s*|[。、」』])(?P<speaker>[^、。「」『』\n]{1,40}?)(?:は|が|も)(?=[、\s]|[^。「」]{0,40}$)"
    ),
    pronouns=frozenset(("彼", "彼女", "同氏", "氏", "私")),
    sentence_ends="。？！",
)
# One word of a name; a full stop is its own only behind an initial or a title.
_CAPITAL = r"(?:(?:[A-ZÀ-ÞА-Я]|Dr|Prof|Mr|Mrs|Ms|Mme|St)\.|[A-ZÀ-ÞА-Я][\w'’-]*)"
_DE_NAME = (
    r"(?:(?:der|die|das|ein|eine)\s(?:[\w-]+\s){0,2}?)?"
    rf"{_CAPITAL}(?:\s(?:von|van|der|de|zu)?\s?{_CAPITAL}){{0,4}}"
)
_DE_CUE = (
    r"sagte?|sagten|erklärte|erklärt|betonte|betont|meinte|meint|schrieb|schreibt|ergänzte|fügte|teilte"
    r"|kritisierte|warnte|forderte|antwortete|berichtete|äußerte|so|rief|fragte|twitterte|erzählte"
)
_GERMAN = _Language(
    behind=_patterns(
        rf"\s*,?\s*(?P<cue>{_DE_CUE})\s(?P<speaker>er|sie|{_DE_NAME})",
        rf"\s*,?\s*(?P<cue>heißt es)\s(?:bei|in|von|aus)\s(?P<speaker>{_DE_NAME})",
    ),
    before=_patterns(
        rf"(?P<speaker>\b(?:er|sie|Er|Sie)|{_DE_NAME})(?:,[^,.]{{1,60}},)?\s(?P<cue>{_DE_CUE})(?:\s[^.:„“»«\"]{{0,60}})?[:,]?\s*(?:(?:dass|man|er|sie|es)\s[^.:„“»«\"]{{0,40}})?$",
        rf"(?P<cue>Laut|laut|Nach Angaben von)\s(?P<speaker>{_DE_NAME})\s[^.„“»«\"]{{0,60}}$",
    ),
    subject=None,
    pronouns=frozenset(("er", "sie", "Er", "Sie")),
    sentence_ends=".?!",
)
_FR_ROLE = r"(?:le|la|les|l['’])\s?[\w-]+(?:\s(?:de|du|des|à|au)?\s?(?:la\s|l['’]|d['’])?[\w-]+)?"
_FR_NAME = (
    r"(?:(?:le|la|les|un|une|M\.|Mme)\s(?:[\wà-ÿ-]+\s){0,4}?|l['’][\wà-ÿ-]+\s(?:[\wà-ÿ-]+\s){0,3}?)?"
    rf"{_CAPITAL}(?:\s(?:de|du|des|d['’]|le|la)?\s?{_CAPITAL}){{0,3}}"
    rf"|{_FR_ROLE}"
)
_FR_VERB = (
    r"déclaré|dit|affirmé|expliqué|ajouté|souligné|indiqué|précisé|annoncé|répondu|assuré|estimé|écrit"
    r"|lancé|martelé|rappelé|insisté|reconnu|confié|conclu|averti|dénoncé|regretté"
)
_FR_PRESENT = (
    r"déclare|dit|affirme|explique|ajoute|souligne|indique|précise|annonce|répond|assure|estime|écrit"
    r"|lance|martèle|rappelle|insiste|reconnaît|confie|conclut|avertit|dénonce|regrette"
)
_FRENCH = _Language(
    behind=_patterns(
        rf"\s*,?\s*(?P<cue>(?:{_FR_PRESENT}))-t?-?(?P<speaker>ils?|elles?|on)\b",
        rf"\s*,?\s*a-t-(?P<speaker>il|elle)\s(?P<cue>{_FR_VERB})",
        rf"\s*,?\s*(?P<cue>(?:a|ont)\s(?:{_FR_VERB})|(?:{_FR_PRESENT}))(?:\s(?:mardi|lundi|mercredi|jeudi|vendredi|samedi|dimanche))?\s(?P<speaker>{_FR_NAME})",
        rf"\s*,?\s*(?P<cue>selon|d['’]après)\s(?P<speaker>{_FR_NAME})",
    ),
    before=_patterns(
        rf"(?P<speaker>\b(?:[Ii]l|[Ee]lle)|{_FR_NAME})(?:,[^,.]{{1,60}},)?\s(?P<cue>(?:a|ont)\s(?:{_FR_VERB})|(?:{_FR_PRESENT}))(?:\s[^.:«»“”\"]{{0,60}})?[:,]?\s*(?:que\s|qu['’])?[^.:«»“”\"]{{0,30}}$",
        rf"(?P<cue>[Ss]elon|[Dd]['’]après|[Pp]our)\s(?P<speaker>{_FR_NAME})[^.«»“”\"]{{0,60}}$",
    ),
    subject=None,
    pronouns=frozenset(("il", "elle", "ils", "elles", "on", "Il", "Elle")),
    sentence_ends=".?!",
)
_ANY_NAME = rf"{_CAPITAL}(?:\s{_CAPITAL}){{1,3}}"
_OTHER = _Language(
    behind=_patterns(rf"\s*[,–—-]\s*(?P<cue>[^\W\d_]{{2,14}})\s(?P<speaker>{_ANY_NAME})"),
    before=_patterns(rf"(?P<speaker>{_ANY_NAME})\s(?P<cue>[^\W\d_]{{2,14}})\s?[:,]\s*$"),
    subject=None,
    pronouns=frozenset(),
    sentence_ends=".?!。",
)
_EN_NAME = rf"{_CAPITAL}(?:\s{_CAPITAL}){{0,4}}"
_EN_CUE = (
    r"said|says|told|added|asked|wrote|noted|explained|argued|tweeted|continued|stated|announced"
)
# Only for what is left of a text that is too long for the model.
_ENGLISH = _Language(
    behind=_patterns(
        rf"\s*(?P<speaker>[Hh]e|[Ss]he|[Tt]hey|{_EN_NAME})\s(?P<cue>{_EN_CUE})\b",
        rf"\s*(?P<cue>{_EN_CUE})\s(?P<speaker>he|she|{_EN_NAME})",
    ),
    before=_patterns(
        rf"(?P<speaker>\b[Hh]e|\b[Ss]he|{_EN_NAME})(?:,[^,.\"“”]{{1,60}},)?\s(?P<cue>{_EN_CUE})(?:\s[^.:,\"“”]{{0,60}})?[:,]?\s*$"
    ),
    subject=None,
    pronouns=frozenset(("he", "she", "they", "He", "She", "They")),
    sentence_ends=".?!",
)
_LANGUAGES = {"en": _ENGLISH, "ko": _KOREAN, "ja": _JAPANESE, "de": _GERMAN, "fr": _FRENCH}


@dataclass(frozen=True, slots=True)
class _Attribution:
    """What the patterns made of one region."""

    cue: tuple[int, int] | None
    speaker: tuple[int, int] | None


def find_by_patterns(
    text: str, *, language: str, registry: Registry, start: int = 0
) -> list[FoundQuote]:
    """The quotes in marks of a text in this language, by its primary subtag (`ko`, `de`).

    With `start`, those of a long text that begin there or later. What is longer than any article
    is not read to its end: `_MOST_TEXT` characters, `_MOST_QUOTES` quotes.
    """
    rules = _LANGUAGES.get(language, _OTHER)
    end = start + _MOST_TEXT
    regions = quoted_regions(text, start, end)
    quotes = chain.from_iterable(
        _in_paragraph(text, line, within, rules)
        for line, within in _by_paragraph(paragraphs(text, start, end), regions)
    )
    found = list(islice(quotes, _MOST_QUOTES))
    return list(_named(text, found, rules, registry))


def _by_paragraph(
    lines: Iterable[tuple[int, int]], regions: Sequence[Region]
) -> Iterator[tuple[tuple[int, int], Sequence[Region]]]:
    """Each paragraph with its regions."""
    first = 0
    for line in lines:
        last = first
        while last < len(regions) and regions[last].start < line[1]:
            last += 1
        yield line, regions[first:last]
        first = last


def _in_paragraph(
    text: str, paragraph: tuple[int, int], regions: Sequence[Region], rules: _Language
) -> Iterator[FoundQuote]:
    start, end = paragraph
    last: FoundQuote | None = None
    for number, region in enumerate(regions):
        left = max(regions[number - 1].end if number else start, region.start - _NEAR)
        right = min(
            regions[number + 1].start if number + 1 < len(regions) else end, region.end + _NEAR
        )
        words = _words(text, region)
        if words and last and last.cue and _goes_on(text, last.cue, left, region.start):
            last = replace(last, parts=(*last.parts, words))
            continue
        attribution = _attribution(text, left, region, right, rules)
        if not words or not _is_quote(words, region, attribution, rules, paragraph):
            continue
        if last:
            yield last
        last = _found(text, words, region, attribution, rules)
    if last:
        yield last


def _goes_on(text: str, cue: Place, left: int, start: int) -> bool:
    """Whether a quote is broken by its cue: it stands in the gap, with a comma and no full stop."""
    gap = text[left:start].rstrip()
    return left <= cue.start < start and gap.endswith((",", "，")) and ". " not in gap


def _found(
    text: str, words: Place, region: Region, attribution: _Attribution, rules: _Language
) -> FoundQuote:
    doubts = ["not_looked_at_closely" if rules is _ENGLISH else "by_pattern"]
    doubts += ["cue_not_found"] * (not attribution.cue)
    doubts += ["speaker_not_found"] * (not attribution.speaker)
    doubts += ["mark_not_closed"] * (not region.is_closed)
    sure = _WITH_BOTH if attribution.speaker else _WITH_CUE
    return FoundQuote(
        kind=DIRECT,
        parts=(words,),
        speaker=_place(text, attribution.speaker),
        name="",
        known=None,
        cue=_place(text, attribution.cue),
        confidence=sure if attribution.cue else _ALONE,
        doubts=tuple(doubts),
    )


def _attribution(
    text: str, left: int, region: Region, right: int, rules: _Language
) -> _Attribution:
    """The cue and the speaker beside a region, behind it rather than before it."""
    cue = speaker = None
    for pattern in rules.behind:
        if match := pattern.match(text, region.end, right):
            cue, speaker = _group(match, "cue"), _group(match, "speaker")
            break
    before = text[left : region.start]
    cut = max(before.rfind(mark + " ") for mark in rules.sentence_ends) + 1
    if rules.sentence_ends[0] == "。":
        cut = before.rfind("。") + 1
    if not cue:
        for pattern in rules.before:
            if match := pattern.search(text, left + cut, region.start):
                cue, speaker = _group(match, "cue"), _group(match, "speaker")
                break
    if not speaker and rules.subject:
        subject = rules.subject.search(before[cut:])
        if subject:
            first = left + cut
            speaker = first + subject.start("speaker"), first + subject.end("speaker")
    return _Attribution(cue, speaker)


def _group(match: re.Match[str], name: str) -> tuple[int, int] | None:
    if name not in match.re.groupindex or match.start(name) < 0:
        return None
    return match.span(name)


def _place(text: str, span: tuple[int, int] | None) -> Place | None:
    return Place(*span, text[slice(*span)]) if span else None


def _words(text: str, region: Region) -> Place | None:
    """What stands between the marks, without spaces and the comma at the end."""
    start = region.start + (2 if text.startswith(("``", "''"), region.start) else 1)
    end = region.end - 1 if region.is_closed else region.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",、，"):
        end -= 1
    return Place(start, end, text[start:end]) if start < end else None


def _is_quote(
    words: Place,
    region: Region,
    attribution: _Attribution,
    rules: _Language,
    paragraph: tuple[int, int],
) -> bool:
    """Words with a cue; or a whole sentence that is not in minor marks. Not a title or a term."""
    if attribution.cue:
        return True
    is_sentence = words.text[-1] in rules.sentence_ends
    is_alone = region.start == paragraph[0]
    return not region.is_minor and (is_sentence or is_alone) and len(words.text) >= 12


def _named(
    text: str, found: Sequence[FoundQuote], rules: _Language, registry: Registry
) -> Iterator[FoundQuote]:
    """Pronouns and quotes without a speaker are those of whoever was named last."""
    last: Place | None = None
    names: dict[str, str] = {}  # of each mention the longest that was seen before it
    for quote in found:
        doubts = quote.doubts
        if quote.speaker and quote.speaker.text not in rules.pronouns:
            last = quote.speaker
        elif last and not quote.speaker:
            is_near = all(text.find(end, last.end, quote.start) < 0 for end in "\n\r")
            why = "speaker_unclear" if is_near else "speaker_from_elsewhere"
            doubts = tuple(why if d == "speaker_not_found" else d for d in doubts)
        mention = _longest(last.text, names) if last else ""
        name = _without_title(mention) if rules is _KOREAN else mention
        known = registry.find(mention, name) or registry.within(mention) if mention else None
        if name and not known and (known := registry.find_by_last_name(name)):
            doubts = (*doubts, "known_by_last_name")
        if (quote.speaker or last) and not name and not known:
            doubts = (*doubts, "speaker_not_named")
        yield replace(
            quote,
            speaker=quote.speaker or last,
            name=known.name if known else name,
            known=known,
            doubts=doubts,
        )


def _without_title(mention: str) -> str:
    """The name in a Korean mention: 이재명 of “이재명 대통령”, none of “대통령”.

    A family name keeps its title (“박 대표”), and so does what may be an office’s (“서울시 대변인”).
    """
    words = mention.split()
    if not words or not _KO_TITLE.fullmatch(words[-1]):
        return mention
    rest = [word for word in words[:-1] if word not in _KO_FORMER]
    if not rest:
        return "" if words[-1] in _KO_TITLES else mention
    is_foreign = len(rest) > 1 and all(_KO_WORD.fullmatch(word) for word in rest)
    if is_foreign and rest[-1] in _KO_FAMILY:
        return " ".join(rest)  # “제이슨 권”: the family name behind the given one
    full = [word for word in rest if _KO_FULL_NAME.fullmatch(word)]
    return full[0] if len(full) == 1 else mention


def _longest(mention: str, names: dict[str, str]) -> str:
    """The first mention that ends alike: “Kwon” is “Jason Kwon”, and 김 의원 is 김민수 의원."""
    words = mention.split()
    keys = [mention, " ".join(words[-2:]), words[-1]]
    if len(words) > 1 and "가" <= words[-2][0] <= "힣":
        keys.append(f"{words[-2][0]} {words[-1]}")  # the family name and the title
    name = names.get(mention, mention)
    for key in keys:
        names.setdefault(key, name)
    return name
