"""The words that the benchmark's corpus is made of, and those that the benchmark asks for.

The words asked for (`ASKED`) are kept apart from all others: no other word here has their stem,
holds them, or starts as they do. So a search by stems, one by words, and one by substrings must
find the same quotes, and their ids can be compared.
"""

import random
from dataclasses import dataclass
from itertools import accumulate, product

__all__ = [
    "ASKED",
    "KOREAN_PARTS",
    "Asked",
    "English",
    "headline_words",
    "is_apart",
    "korean_words",
]

# --- Words that are asked for ---------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """What is put into quotes, and into how many of them: a share of all, or a fixed number."""

    text: str
    share: float = 0.0
    number: int = 0


_COMMON = {"people": 0.095, "government": 0.085, "children": 0.09, "future": 0.08}
_MIDDLING = {"harvest": 0.012, "glacier": 0.008, "orchestra": 0.01, "vaccine": 0.012}
_RARE = "zeppelin quagmire xylophone kumquat obelisk pumpernickel vuvuzela jackdaw".split()
_PHRASES = {
    "perfect storm": 0.002,
    "uphill battle": 0.003,
    "silver bullet": 0.002,
    "bitter lemon": 0.001,
}
# What a word with an asterisk is to find; stems keep all of these letters.
_FAMILIES = {
    "hydro": "hydrogen hydroplane hydrofoil hydrograph",
    "thermo": "thermostat thermograph thermopolis",
    "aero": "aeroplane aerodrome aerofoil",
    "astro": "astronaut astrodome astrolabe",
}

COMMON, MIDDLING, RARE = tuple(_COMMON), tuple(_MIDDLING), tuple(_RARE)
PHRASES, PREFIXES = tuple(_PHRASES), tuple(_FAMILIES)

ASKED: tuple[Asked, ...] = (
    *(Asked(word, share=share) for word, share in (_COMMON | _MIDDLING | _PHRASES).items()),
    *(Asked(word, number=10) for word in _RARE),
    # Each half of a phrase on its own too, so that the order of words decides.
    *(Asked(word, share=0.004) for phrase in _PHRASES for word in phrase.split()),
    *(Asked(word, share=0.001) for family in _FAMILIES.values() for word in family.split()),
)
_APART = tuple({word for asked in ASKED for word in asked.text.split()} | set(_FAMILIES))
_STARTS = {word[:5] for word in _APART}


def is_apart(word: str) -> bool:
    """Whether a search for any of the words asked for must miss this one, however it searches."""
    lower = word.lower()
    return lower[:5] not in _STARTS and not any(asked in lower for asked in _APART)


# --- English --------------------------------------------------------------------------------------

_FUNCTION_WORDS = (
    "the to of and a in that is we it for this be not are have on with will as they has our you "
    "by from was but their at or if all an there what who which would can more so about must no "
    "been when do should than one out up how these into those only them were could new now other "
    "us just because some any its very my your may also even over after against before between "
    "under without while through where too most every still never always again here he she his "
    "her had did does each both such own same then once during within toward upon until since "
    "whether nor yet though although unless however perhaps indeed rather quite almost already"
).split()
_NOUNS = (
    "time year day country city world law court state party company market price budget tax bank "
    "union worker farmer teacher doctor nurse judge soldier officer minister president senator "
    "mayor voter citizen family student school college hospital house home street road bridge "
    "river coast island border village town region nation island forest field farm crop food "
    "water energy power plant reactor pipeline engine car train ship port airport factory mine "
    "steel coal gas oil sun wind storm flood drought climate carbon planet ocean species animal "
    "job wage pension contract deal treaty vote election campaign debate speech question answer "
    "report study paper record letter book story film song game team player coach league cup goal "
    "match race sport art museum language history culture faith church mosque temple right duty "
    "freedom justice crime prison police case trial witness lawyer victim weapon war peace truce "
    "army navy missile drone security threat risk danger crisis problem solution plan policy rule "
    "reform change decision choice reason result effort action step measure system network data "
    "computer machine robot model software chip phone screen platform privacy science research "
    "space rocket satellite medicine drug disease virus patient care health cancer test trade "
    "tariff export import debt loan interest inflation growth economy industry business investor "
    "shareholder customer product service quality cost profit loss money fund grant project site "
    "home rent landlord tenant housing refuge migrant visa passport neighbour friend ally enemy "
    "partner leader voice hope fear trust anger pride shame truth lie fact number level point "
    "line side part end start moment week month decade century morning night light dark colour "
    "member group council committee agency office department board chief director head staff"
).split()
_VERBS = (
    "work need want know think believe expect call ask answer help protect defend support oppose "
    "reject accept accuse deny confirm announce promise propose demand offer warn remind explain "
    "describe show prove test count measure report publish print open close start finish end move "
    "turn walk march fight attack vote elect appoint remove replace repair restore build design "
    "invest spend save earn borrow lend pay owe share trade import export produce grow plant cut "
    "reduce raise lower lift push pull press hold keep lose win gain deliver provide prevent allow "
    "permit ban limit control regulate monitor watch listen learn teach train treat heal suffer "
    "remember forget follow lead join leave stay wait change improve create destroy pollute clean"
).split()
_ADJECTIVES = (
    "good great big small long short old young early late public private national local global "
    "political economic social legal illegal fair unfair equal free safe dangerous strong weak "
    "clear simple complex hard easy rich poor high low rapid slow deep wide open honest serious "
    "urgent critical modern ancient rural urban foreign domestic military civil human natural "
    "digital medical financial industrial agricultural historic tragic welcome wrong true false"
).split()
_ONSETS = (
    "b br c ch cl d dr f fl g gl gr h j k l m n p pl pr qu r s sc sh sl st t th tr v w".split()
)
_VOWELS, _CODAS = "a e i o u ea ou ai".split(), ["", "", "n", "r", "l", "m", "nd", "rt", "ck", "st"]
_TAIL = 60_000  # made-up words: names of places, jargon, misprints


def _inflected(words: list[str], *endings: str) -> list[str]:
    made = []
    for word in words:
        stem = word[:-1] if word.endswith("e") else word
        made += [word, *(f"{stem if ending[0] in 'aei' else word}{ending}" for ending in endings)]
    return made


def _made_up(chance: random.Random) -> list[str]:
    """Words that nobody knows, out of syllables; each once."""
    syllables = ["".join(each) for each in product(_ONSETS, _VOWELS, _CODAS)]
    words: dict[str, None] = {}
    while len(words) < _TAIL:
        word = "".join(chance.choices(syllables, k=chance.choice((2, 2, 3))))
        if len(word) > 5 and is_apart(word):
            words[word] = None
    return list(words)


def headline_words() -> list[str]:
    """Of headlines: none of them is asked for."""
    words = _inflected(_NOUNS, "s") + _inflected(_VERBS, "s") + _ADJECTIVES
    return sorted({word for word in words if is_apart(word)})


class English:
    """Words by Zipf's law: function words first, then known ones in all forms, then a long tail."""

    def __init__(self, chance: random.Random) -> None:
        known = [
            *_inflected(_NOUNS, "s"),
            *_inflected(_VERBS, "s", "ed", "ing"),
            *_inflected(_ADJECTIVES, "ly"),
        ]
        known = sorted({word for word in known if is_apart(word)} - set(_FUNCTION_WORDS))
        chance.shuffle(known)
        self._chance = chance
        self._words = [*filter(is_apart, _FUNCTION_WORDS), *known, *_made_up(chance)]
        self._weights = list(accumulate((rank + 3) ** -1.1 for rank in range(len(self._words))))

    @property
    def words(self) -> list[str]:
        return self._words

    def draw(self, number: int) -> list[str]:
        return self._chance.choices(self._words, cum_weights=self._weights, k=number)


# --- Korean ---------------------------------------------------------------------------------------

_KOREAN_NOUNS = (
    "경제 정부 국민 반도체 인공지능 기후변화 에너지 교육 의료 병원 학교 시장 기업 노동자 농민 어민 청년 "
    "여성 노인 아이들 가족 주택 부동산 금리 물가 세금 예산 연금 복지 일자리 임금 수출 수입 무역 관세 환율 "
    "은행 투자자 소비자 기술 과학 우주 위성 발사체 원자력 태양광 풍력 전기차 배터리 자동차 조선소 철강 "
    "석유 가스 수소 바다 강물 산불 홍수 가뭄 태풍 지진 재난 안전 경찰 검찰 법원 재판 헌법 국회 의원 대통령 "
    "총리 장관 시장님 도지사 선거 투표 정당 공약 개혁 민주주의 자유 평등 정의 인권 언론 기자 신문 방송 영화 "
    "음악 문화 예술 축구 야구 올림픽 선수 감독 역사 언어 한국어 통일 평화 외교 안보 국방 군대 미사일 동맹 "
    "협상 조약 국경 이민 난민 관광 공항 철도 고속도로 도시 농촌 마을 섬 하천 환경 쓰레기 미세먼지 플라스틱 "
    "백신 바이러스 감염병 환자 간호사 의사 약국 건강 출산율 고령화 인구 지방소멸 균형발전 데이터센터 "
    "개인정보 사이버공격 플랫폼 통신망 휴대전화 소프트웨어 로봇 자율주행 드론 연구소 대학 입시 교사 학생"
).split()
_KOREAN_VERBS = (
    "필요합니다 중요합니다 지켜야 합니다 바꿔야 합니다 믿습니다 기대합니다 약속드립니다 반대합니다 찬성합니다 "
    "늘어났습니다 줄어들었습니다 시작했습니다 끝났습니다 준비하고 있습니다 검토하겠습니다 해결하겠습니다 "
    "발표했습니다 부인했습니다 확인했습니다 요구합니다 경고했습니다 사과드립니다 감사드립니다"
).split()
_PARTICLES = "은 는 이 가 을 를 의 에 에서 으로 와 과 도 만 까지 부터 보다 에게".split()
_ADVERBS = (
    "매우 다시 이제 함께 반드시 결코 이미 아직 더욱 오늘 내일 올해 내년 지금 먼저 특히".split()
)
# Looked for inside of words: whole nouns, and parts of longer ones.
KOREAN_PARTS = (
    "반도체",
    "도체",
    "지방소멸",
    "방소멸",
    "이버공",
    "원자력",
    "발사",
    "센터",
    "미세먼지",
)


def korean_words(chance: random.Random, number: int) -> list[str]:
    """A sentence of about so many words."""
    words = []
    for _ in range(number - 1):
        if chance.random() < 0.15:
            words.append(chance.choice(_ADVERBS))
        else:
            # The square makes words at the front of the list more frequent.
            noun = _KOREAN_NOUNS[int(len(_KOREAN_NOUNS) * chance.random() ** 2)]
            words.append(noun + chance.choice(_PARTICLES))
    return [*words, chance.choice(_KOREAN_VERBS)]
