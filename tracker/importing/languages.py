"""Which language a text is in, as far as its letters tell: enough to choose how its quotes are looked for."""

__all__ = ["language_of"]

_LOOKED_AT = 5_000  # characters
_ENGLISH = frozenset(("the", "and", "of", "to", "in", "that", "said", "is", "a"))


def language_of(text: str) -> str:
    """A BCP 47 tag: ko, ja, zh or en; '' for any other."""
    start = text[:_LOOKED_AT]
    letters = sum(map(str.isalpha, start)) or 1
    hangul = sum("\uac00" <= each <= "\ud7a3" for each in start)
    kana = sum("\u3040" <= each <= "\u30ff" for each in start)
    han = sum("\u4e00" <= each <= "\u9fff" for each in start)
    if hangul * 5 > letters:
        return "ko"
    if kana * 10 > letters:
        return "ja"
    if han * 3 > letters:
        return "zh"
    words = start.lower().split()
    return "en" if sum(word in _ENGLISH for word in words) * 10 > len(words) else ""
