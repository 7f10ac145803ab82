"""What a language is called in the reader's own."""

from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

__all__ = ["language_name"]

# Languages that Django has no name for and that quotations are known to stand in.
_MORE_LANGUAGES = {
    "am": _("Amharic"),
    "ang": _("Old English"),
    "arc": _("Aramaic"),
    "chr": _("Cherokee"),
    "enm": _("Middle English"),
    "fil": _("Filipino"),
    "fro": _("Old French"),
    "gmh": _("Middle High German"),
    "grc": _("Ancient Greek"),
    "ha": _("Hausa"),
    "haw": _("Hawaiian"),
    "ku": _("Kurdish"),
    "la": _("Latin"),
    "lkt": _("Lakota"),
    "lzh": _("Classical Chinese"),
    "mi": _("Māori"),
    "nez": _("Nez Perce"),
    "ps": _("Pashto"),
    "sa": _("Sanskrit"),
    "si": _("Sinhala"),
    "so": _("Somali"),
    "syr": _("Syriac"),
    "tl": _("Tagalog"),
    "yi": _("Yiddish"),
    "yo": _("Yoruba"),
    "yue": _("Cantonese"),
    "zh": _("Chinese"),
    "zu": _("Zulu"),
}


def language_name(tag: str) -> str:
    """“Korean”, in the reader's language; the tag itself where no name is known."""
    lower = tag.lower()
    try:
        return str(get_language_info(lower)["name_translated"])
    except KeyError:
        return str(_MORE_LANGUAGES.get(lower) or _MORE_LANGUAGES.get(lower.split("-")[0]) or tag)
