"""Whether a page that answered is the article at all: it may be a wall that asks for log-in or consent, or another page.

Reads what was fetched and what was read; asks neither the web nor the database.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlsplit

from tracker import anchoring
from tracker.fetching import Page
from tracker.reading import ReadArticle

__all__ = ["Known", "Seen", "asks_for_more", "recognise"]

_SHORT = 0.5  # of the usual length
_SHORT_AT_ALL = 1_000  # characters, where no usual length is known
_LOOKED_AT = 300_000  # bytes of markup
_MOST_WORDS = 100_000  # characters that are searched for what a wall says

# What walls say, in the words of the languages that most sources here are in.
_PHRASES = re.compile(
    r"""
      (?:log|sign)\ ?in\ (?:to|or)\ (?:continue|read|view|access|subscribe|register|create)
    | (?:subscribe|register|create\ (?:a|an|your)\ (?:free\ )?account)\ (?:now\ )?(?:to|and)\ (?:continue|keep|read|unlock|access)
    | (?:already|not\ yet|existing)\ a?\ ?(?:subscriber|member)s?\s?[?:]
    | (?:this|the)\ (?:article|story|content|page)\ is\ (?:only\ |exclusively\ |reserved\ )?(?:available\ )?(?:to|for)\ (?:our\ )?(?:registered|paying|subscribers|members)
    | continue\ reading\ (?:this\ (?:article|story)\ )?with\ a | unlock\ (?:this|the)\ (?:full\ )?(?:article|story)
    | you(?:’|'|&\#39;)?ve\ reached\ your\ (?:limit|free)
    | (?:we|and\ our\ partners)\ (?:value|care\ about|respect)\ your\ privacy | before\ you\ (?:continue|proceed)
    | (?:accept|agree\ to|allow|manage)\ (?:all\ |the\ |our\ |use\ of\ )*cookies | consent\ to\ (?:the\ use\ of\ )?cookies
    | (?:verify|confirm|prove|checking\ (?:if|whether))\ (?:that\ )?you\ are\ (?:a\ )?(?:human|not\ a\ robot)
    | enable\ (?:javascript\ and\ )?cookies\ to\ continue | are\ you\ a\ robot | unusual\ (?:activity|traffic)\ from
    | (?:jetzt\ )?(?:anmelden|einloggen)(?:,)?\ (?:um|und)\ (?:weiter|den|alle|diesen) | bitte\ (?:melden\ sie\ sich\ an|loggen\ sie\ sich\ ein)
    | mit\ werbung\ (?:und\ cookies\ )?weiterlesen | (?:allen?\ )?cookies\ (?:zustimmen|akzeptieren|zulassen) | zustimmen\ und\ weiter
    | (?:diese[rn]?\ artikel|dieser\ inhalt)\ ist\ (?:nur\ )?(?:exklusiv\ )?für\ (?:registrierte|abonnent) | weiterlesen\ mit\ \S+\ ?(?:plus|abo)
    | connectez-vous\ pour | (?:cet\ )?article\ (?:est\ )?réservé\ (?:aux|à\ nos)\ abonné | (?:accepter|continuer\ sans\ accepter)\ (?:et\ continuer|les\ cookies|→)
    | continuer\ sans\ accepter | abonnez-vous\ pour\ (?:lire|continuer|accéder) | il\ vous\ reste\ \d+\ ?%\ de\ cet\ article
    | inicia\ sesión\ para | regístrate\ (?:gratis\ )?para | suscríbete\ para\ (?:seguir|leer|continuar) | aceptar\ (?:todas\ las\ |y\ )?(?:cookies|continuar)
    | contenido\ exclusivo\ para\ (?:suscriptores|registrados) | accedi\ per\ (?:continuare|leggere) | abbonati\ per\ (?:continuare|leggere)
    | (?:contenuto|articolo)\ riservato\ agli\ abbonati | accetta\ (?:tutti\ i\ cookie|e\ continua) | (?:faça|entre)\ (?:o\ )?login\ para
    | (?:conteúdo|matéria)\ exclusiv[oa]\ para\ assinantes | assine\ para\ (?:ler|continuar) | log\ in\ om\ (?:verder|te\ lezen) | cookies\ accepteren
    | войдите,?\ чтобы | только\ для\ (?:подписчиков|зарегистрированных) | zaloguj\ się,?\ (?:aby|żeby)
    | 로그인\ ?(?:후|하시면|하셔야|이\ 필요|하고) | 회원\ ?(?:전용|가입\ ?후) | 구독(?:자)?\ ?(?:전용|하고\ 계속|하시면|후) | 유료\ ?(?:회원|기사|콘텐츠)
    | (?:개인정보|쿠키)\s?(?:수집|사용|이용)?에\s?동의 | 로봇이\ 아닙니다
    | ログインして | (?:有料|無料)?会員(?:登録|限定|専用|の方) | この(?:記事|続き)(?:は|を)\S{0,12}(?:会員|有料|ログイン) | (?:登録|購読)して続き | クッキー.{0,10}同意
    | (?:请|請)(?:先)?(?:登录|登錄|登入) | (?:登录|登錄|登入)(?:后|後)?(?:即可|阅读|閱讀|查看|继续|繼續) | (?:订阅|訂閱)(?:后|後|以)?(?:阅读|閱讀|继续|繼續|解锁|解鎖)
    | سجل(?:وا)?\ الدخول | للمشتركين\ فقط
    """,
    re.IGNORECASE | re.VERBOSE,
)
# What only a page has that lets nobody pass, or that is made of the wall alone.
_MARKUP = re.compile(
    rb"""type\s*=\s*["']?password
    | ["']?isAccessibleForFree["']?\s*:\s*["']?false
    | cf-challenge | challenge-platform | g-recaptcha | h-captcha | px-captcha | captcha-delivery
    | (?:class|id)\s*=\s*["'][^"'>]{0,200}(?:paywall|regwall|reg-wall|pay-wall|subscriber-only|login-?wall|consent-?(?:wall|page|gate)|cookie-?wall|cmp-?wall|sp_message_container)
    | action\s*=\s*["'][^"'>]{0,200}(?:/login|/signin|/consent|/collectConsent)""",
    re.IGNORECASE | re.VERBOSE,
)
_ADDRESS = re.compile(
    r"(?:^|[/.?&=_-])(?:log-?in|sign-?in|sso|auth|authenticate|account|register|registration|consent|cookie-?wall|"
    r"privacy-?(?:gate|wall)|paywall|subscribe|subscription|captcha|challenge)(?:$|[/.?&=_-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an article from before: the texts of its copies, the newest first, and the wordings of its
    citations that were found in one of them, or are as yet in none."""

    texts: Sequence[str] = ()
    wordings: Sequence[str] = ()

    @property
    def usual_length(self) -> float:
        """Characters; 0 when no copy is known."""
        return median(map(len, self.texts)) if self.texts else 0


Seen = str  # "article", "wall", "shorter" or "sent-elsewhere"


def asks_for_more(read: ReadArticle, known: Known) -> bool:
    """Whether a text is no article but what a wall says: short, and in a wall's words."""
    usual = known.usual_length
    short = len(read.text) < (_SHORT * usual if usual else _SHORT_AT_ALL)
    return short and _says_so(read.text)


def recognise(page: Page, read: ReadArticle | None, known: Known) -> Seen:
    """What the page is: the "article", a "wall", or another page that is "shorter" than the article by far, and has
    none of its quotes, or that the address was "sent-elsewhere" to.

    `read` is None for a page on which nothing could be read.
    """
    text = read.text if read else ""
    usual = known.usual_length
    short = len(text) < _SHORT * usual if usual else len(text) < _SHORT_AT_ALL
    # None of the quotes is there; nor is it where no quotes are known.
    absent = (short or bool(known.wordings)) and _has_none(text, known)
    if not usual and known.wordings and not absent:
        return "article"  # nothing says that it was ever longer
    if (short or absent) and _is_wall(page, text, absent=absent, sure=bool(known.wordings)):
        return "wall"
    if absent and _is_front_page(page):
        return "sent-elsewhere"
    return "shorter" if short and usual and absent and known.wordings else "article"


def _is_wall(page: Page, text: str, *, absent: bool, sure: bool) -> bool:
    """Many pages have a form to log in, or a bar about cookies, beside the whole article: so this is asked only
    of one that is short, or without its quotes."""
    if _was_sent(page) and _leads_to_a_wall(page):
        return True
    if _says_so(text):
        return True
    return absent and bool(_MARKUP.search(page.body[:_LOOKED_AT])) and (sure or not text.strip())


def _says_so(text: str) -> bool:
    return bool(_PHRASES.search(text[:_MOST_WORDS]))


def _has_none(text: str, known: Known) -> bool:
    missing = anchoring.Result.MISSING
    return all(anchoring.check((), each, text).result == missing for each in known.wordings)


def _was_sent(page: Page) -> bool:
    asked, given = urlsplit(page.url), urlsplit(page.final_url)
    return (_bare(asked.hostname), asked.path.rstrip("/")) != (
        _bare(given.hostname),
        given.path.rstrip("/"),
    )


def _bare(host: str | None) -> str:
    return (host or "").removeprefix("www.").removeprefix("m.")


def _leads_to_a_wall(page: Page) -> bool:
    asked, given = urlsplit(page.url), urlsplit(page.final_url)
    new = given.path if given.path != asked.path else ""
    host = given.hostname if given.hostname != asked.hostname else ""
    return bool(_ADDRESS.search(new) or _ADDRESS.search((host or "").split(".")[0]))


def _is_front_page(page: Page) -> bool:
    path = urlsplit(page.final_url).path
    return _was_sent(page) and path.strip("/").count("/") == 0 and len(path.strip("/")) <= 3
