"""One form for every spelling of a web address, and what is no web address."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.models.addresses import AddressError, bare_domain, normalise_url, shown_url

HOSTILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "hostile"
# An address in RFC 3986's characters, with nothing before the host.
NORMAL = re.compile(
    r"https?://(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::[1-9][0-9]{0,4})?"
    r"/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-F]{2})*"
    r"(?:\?[A-Za-z0-9._~!$&'()*+,;=:@/?%\[\]-]+)?"
)


def payloads(name: str) -> Iterator[str]:
    path = HOSTILE / f"{name}.jsonl"
    if not path.exists():
        pytest.skip("the hostile cases are not on this machine")
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if "payload" in row:
            yield row["payload"].replace("{port}", "8080").replace("{host}", "example.org")
        elif "payload_json" in row:
            yield json.loads(row["payload_json"])
        elif "unit" in row.get("recipe", {}):
            recipe = row["recipe"]
            yield recipe["pre"] + recipe["unit"] * recipe["n"] + recipe["post"]


def assert_normal_or_refused(typed: str) -> None:
    try:
        url = normalise_url(typed)
    except AddressError:
        return
    assert NORMAL.fullmatch(url), typed
    assert normalise_url(url) == url, typed
    assert len(url) <= 2000
    assert urlsplit(url).hostname
    assert bare_domain(url) in url
    assert shown_url(url).isprintable()


@pytest.mark.parametrize(
    "url",
    [
        "https://m.businesspost.co.kr/BP?command=mobile_view&num=396643",
        "https://example.org/",
        "http://example.org:8080/a/b.html",
        "https://example.org/a//b/",
        "https://example.org/%2F%3F%23%25?q=%7ea%2f&list[]=2&list[]=1&&x",
        "https://medium.com/@someone/story-1;a=b",
        "https://www.example.org/ref?ref=home&source=x",
        "http://192.0.2.7/",
        "http://[2001:db8::1]:8080/",
        "https://a_b.example.org/",
    ],
)
def test_a_normal_address_stays_as_it_is(url: str) -> None:
    assert normalise_url(url) == url


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  HTTP://Example.ORG  ", "http://example.org/"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("http://example.org:80", "http://example.org/"),
        ("https://example.org:80/", "https://example.org:80/"),
        ("http://example.org:/", "http://example.org/"),
        ("http://example.org:0443/", "http://example.org:443/"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example.org?", "https://example.org/"),
        ("https://example.org?a=1", "https://example.org/?a=1"),
        ("https://example.org/a#b", "https://example.org/a"),
        ("https://example.org/a#:~:text=is%20destiny", "https://example.org/a"),
        ("https://example.org/a/./b/../c/..", "https://example.org/a/"),
        ("https://example.org/../a/%2e%2E/b", "https://example.org/b"),
        ("https://example.org/a/..//b", "https://example.org//b"),
        ("https://example.org/%7euser/%c3%a9%41", "https://example.org/~user/%C3%A9A"),
        ("https://example.org/100%/a%zz", "https://example.org/100%25/a%25zz"),
        ("https://example.org/%%34%31", "https://example.org/%2541"),
        ("https://example.org/기사?q=권", "https://example.org/%EA%B8%B0%EC%82%AC?q=%EA%B6%8C"),
        ("https://example.org/a|b?<c>", "https://example.org/a%7Cb?%3Cc%3E"),
        ("http://[2001:DB8:0:0:0:0:0:1]/", "http://[2001:db8::1]/"),
    ],
)
def test_spellings_of_one_address_become_one(typed: str, expected: str) -> None:
    assert normalise_url(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("?utm_source=a&utm_medium=b", ""),
        ("?b=2&fbclid=x&a=1&UTM_Campaign=y", "?b=2&a=1"),
        ("?gclid=x&mc_cid=y&mc_eid=z&igshid=1&yclid&_ga=2&ref_src=t&spm=u&msclkid=w&dclid=v", ""),
        ("?id=1&utm_source=a#top", "?id=1"),
        ("?utmost=1&gclids=2&my_ga=3", "?utmost=1&gclids=2&my_ga=3"),
    ],
)
def test_tracking_parameters_are_left_out_and_no_others(typed: str, expected: str) -> None:
    assert normalise_url("https://example.org/" + typed) == "https://example.org/" + expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("https://한국.kr/", "https://xn--3e0b707e.kr/"),
        ("https://BÜCHER.example/", "https://xn--bcher-kva.example/"),
        ("https://bu\u0308cher.example/", "https://xn--bcher-kva.example/"),
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
        ("https://例え。テスト", "https://xn--r8jz45g.xn--zckzah/"),
        ("https://ｅｘａｍｐｌｅ．ｏｒｇ/", "https://example.org/"),
        ("https://XN--BCHER-KVA.example/", "https://xn--bcher-kva.example/"),
    ],
)
def test_a_host_in_any_script_gets_its_ascii_form(typed: str, expected: str) -> None:
    assert normalise_url(typed) == expected


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "begins with http"),
        ("example.org/a", "begins with http"),
        ("ftp://example.org/", "begins with http"),
        ("javascript:alert(1)", "begins with http"),
        ("//example.org/", "begins with http"),
        ("https://someone@example.org/", "user name"),
        ("https://someone:secret@example.org/", "user name"),
        ("https://", "names no host"),
        ("https:///a", "names no host"),
        ("https:example.org", "names no host"),
        ("https://:80/", "names no host"),
        ("https://exa mple.org/", "white space"),
        ("https://example.org/a b", "white space"),
        ("https://example.org/a\tb", "white space"),
        ("ht\ntps://example.org/", "white space"),
        ("https://example.org/a\u00a0b", "white space"),
        ("https://example.org/\0", "control or invisible"),
        ("https://example.org/\u202e", "control or invisible"),
        ("https://local\u200bhost/", "control or invisible"),
        ("https://example.org/\ud800", "control or invisible"),
        ("https://example.org\\@a.org/", "backslash"),
        ("https://example.org:0/", "port"),
        ("https://example.org:65536/", "port"),
        ("https://example.org:8o/", "port"),
        ("https://example.org:80:80/", "port"),
        ("https://example.org:８０/", "port"),
        ("https://example..org/", "not a valid name"),
        ("https://-a.org/", "not a valid name"),
        ("https://a-.org/", "not a valid name"),
        ("https://a!.org/", "not a valid name"),
        ("https://%65xample.org/", "not a valid name"),
        ("https://i❤.example/", "not a valid name"),
        ("https://" + "a" * 64 + ".org/", "not a valid name"),
        ("https://" + "a." * 127 + "org/", "not a valid name"),
        ("https://256.0.0.1/", "not a valid name"),
        ("https://127.1/", "not a valid name"),
        ("https://0x7f000001/", "not a valid name"),
        ("https://2130706433/", "not a valid name"),
        ("https://[::1/", "not valid"),
        ("https://[fe80::1%eth0]/", "not a valid name"),
        ("https://[v1.a]/", "not a valid name|not valid"),
        ("https://example.org/" + "a" * 2000, "2,000"),
        ("https://example.org/" + "가" * 300, "2,000"),
    ],
)
def test_what_is_no_usable_web_address_is_refused_with_the_reason(typed: str, why: str) -> None:
    with pytest.raises(AddressError, match=why):
        normalise_url(typed)


def test_joiners_in_a_path_are_kept_as_escapes() -> None:
    assert normalise_url("https://example.org/می\u200cخواهم").endswith(
        "%D9%85%DB%8C%E2%80%8C%D8%AE%D9%88%D8%A7%D9%87%D9%85"
    )


@pytest.mark.parametrize(
    "name", ["ssrf_url", "open_redirect", "redos", "naughty", "unicode", "xss"]
)
def test_hostile_text_gives_a_normal_address_or_a_refusal(name: str) -> None:
    for payload in payloads(name):
        assert_normal_or_refused(payload)
        assert_normal_or_refused("http://" + payload)
        assert_normal_or_refused("http://example.org/" + payload)


@given(st.text(st.characters(exclude_categories=())))
@example("%25%32%35")
@example("a.example/%%34%31/.%2e/;?&utm_a&&#")
@example("\u1e9e\u0130.example")
@example("a\u3002\u3002")
@example("?utm_a=1&&utm_b=2")
def test_any_text_after_the_scheme_gives_a_normal_address_or_a_refusal(text: str) -> None:
    assert_normal_or_refused("https://" + text)
    assert_normal_or_refused("https://example.org/" + text)
    assert_normal_or_refused("https://example.org/?" + text)


@given(st.text("aé.%2eEfF5/?&=#_[]:;~\u3002", max_size=40))
def test_any_mix_of_delimiters_gives_a_normal_address_or_a_refusal(text: str) -> None:
    assert_normal_or_refused("http://" + text)
    assert_normal_or_refused("http://example.org/" + text)


@pytest.mark.parametrize(
    ("url", "domain", "shown"),
    [
        ("https://www.aimatters.co.kr/", "aimatters.co.kr", "aimatters.co.kr"),
        ("https://aimatters.co.kr/news/1/", "aimatters.co.kr", "aimatters.co.kr/news/1"),
        ("http://a.org:8080/?b=1", "a.org", "a.org:8080/?b=1"),
        ("https://a.org/%EA%B8%B0%EC%82%AC", "a.org", "a.org/기사"),
        ("https://a.org/%E2%80%AE%2F%20", "a.org", "a.org/%E2%80%AE%2F%20"),
        ("https://a.org/%FF%EA", "a.org", "a.org/%FF%EA"),
        ("https://www.com/", "www.com", "www.com"),
        ("https://xn--3e0b707e.kr/", "xn--3e0b707e.kr", "xn--3e0b707e.kr"),
        ("http://[2001:db8::1]/", "2001:db8::1", "[2001:db8::1]"),
        ("", "", ""),
        ("http://[", "", "["),
    ],
)
def test_an_address_is_shown_short_and_readable(url: str, domain: str, shown: str) -> None:
    assert bare_domain(url) == domain
    assert shown_url(url) == shown
