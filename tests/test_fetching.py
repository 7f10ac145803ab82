"""What is fetched, what is refused, and that nothing else is ever connected to.

The sites are a server on this machine, which the stubbed connector leads to; the stubbed resolver
says what addresses they have.
"""

import gzip
import hashlib
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from tracker import fetching
from tracker.fetching import FetchError, Page, Rules, fetch
from tracker.fetching.addresses import is_public, target_of
from tracker.fetching.robots import RobotsMemory, read_robots

HOSTILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "hostile"
PUBLIC = "93.184.215.14"
URL = "http://news.example.org/a"

# Writes what it likes to a connection whose request it is given.
Script = Callable[[socket.socket, bytes], None]


def rows(name: str) -> list[dict]:
    path = HOSTILE / f"{name}.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def cases(name: str) -> pytest.MarkDecorator:
    found = rows(name)
    missing = [pytest.param({}, marks=pytest.mark.skip("the hostile cases are not here"))]
    return pytest.mark.parametrize("row", found or missing, ids=lambda row: row.get("id", "-"))


def answer(body: bytes = b"<p>Hello</p>", *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers]
    if not any(line.lower().startswith("content-type:") for line in headers):
        lines.append("Content-Type: text/html; charset=UTF-8")
    if not any(line.lower().startswith(("content-length:", "transfer-")) for line in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def redirect(to: str, status: int = 302) -> bytes:
    return answer(b"", f"Location: {to}", status=f"{status} Found")


class Site:
    """A server on this machine that answers by path, and notes who asked for what."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.answers: dict[str, bytes | Script] = {"/robots.txt": answer(b"", status="404 No")}
        self.requests: list[bytes] = []
        self.connected: list[tuple[str, int]] = []
        self.asked: list[str] = []
        self.names: dict[str, Sequence[str]] = {}
        self.tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            request = b""
            while b"\r\n\r\n" not in request:
                piece = connection.recv(65536)
                if not piece:
                    return
                request += piece
            self.requests.append(request)
            path = request.split(b" ")[1].decode("latin-1")
            script = self.answers.get(path) or answer(b"", status="404 Not Found")
            if callable(script):
                script(connection, request)
            else:
                connection.sendall(script)

    def resolve(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.names.get(host, [PUBLIC])

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        self.connected.append((address, port))
        return socket.create_connection(("127.0.0.1", self.port), timeout=seconds)

    def rules(self, **changed) -> Rules:
        changed = {"resolve": self.resolve, "connect": self.connect, "seconds": 5.0} | changed
        return Rules(site="https://quotes.example.net", **changed)

    def paths(self) -> list[str]:
        return [request.split(b" ")[1].decode("latin-1") for request in self.requests]

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    site.answers["/a"] = answer()
    yield site
    site.close()


def refusal(url: str, rules: Rules) -> FetchError:
    with pytest.raises(FetchError) as refused:
        fetch(url, rules=rules)
    assert str(refused.value).endswith((".", "!"))
    return refused.value


# --- What comes back ------------------------------------------------------------------------------


def test_a_page_comes_with_what_proves_it(site: Site) -> None:
    page = fetch(f"{URL}#:~:text=Hello", rules=site.rules())
    assert isinstance(page, Page)
    assert (page.status, page.content_type, page.charset) == (200, "text/html", "utf-8")
    assert (page.body, page.url, page.final_url) == (b"<p>Hello</p>", f"{URL}#:~:text=Hello", URL)
    assert page.sha256 == hashlib.sha256(b"<p>Hello</p>").hexdigest()
    assert page.fetched_at.utcoffset() is not None


def test_the_site_is_told_who_asks_and_gets_no_cookie_and_no_referrer(site: Site) -> None:
    site.answers["/a"] = answer(b"x", "Set-Cookie: a=b")
    rules = site.rules()
    fetch(URL, rules=rules)
    fetch(URL, rules=rules)
    lines = site.requests[-1].decode().lower().split("\r\n")
    assert "user-agent: onrecord/1.0 (+https://quotes.example.net)" in lines
    assert "host: news.example.org" in lines
    assert not [line for line in lines if line.startswith(("cookie", "referer", "authorization"))]


def test_the_name_is_looked_up_once_for_each_connection_and_its_address_is_used(site: Site) -> None:
    fetch(URL, rules=site.rules())
    assert site.connected == [(PUBLIC, 80)] * 2  # robots.txt and the page
    assert len(site.asked) == len(site.connected)


def test_a_second_address_is_tried_when_the_first_does_not_answer(site: Site) -> None:
    def connect(address: str, port: int, seconds: float) -> socket.socket:
        if address == PUBLIC:
            raise ConnectionRefusedError
        return site.connect(address, port, seconds)

    site.names["news.example.org"] = [PUBLIC, "1.1.1.1"]
    assert fetch(URL, rules=site.rules(connect=connect)).status == 200


def test_proxies_of_the_environment_are_not_asked(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetch(URL, rules=site.rules()).status == 200


@pytest.mark.parametrize("chunked", [False, True])
def test_gzip_is_unpacked_and_chunks_are_joined(site: Site, chunked: bool) -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"two")
    if chunked:
        body = b"".join(b"1\r\n%c\r\n" % byte for byte in packed) + b"0\r\n\r\n"
        site.answers["/a"] = answer(body, "Content-Encoding: gzip", "Transfer-Encoding: chunked")
    else:
        site.answers["/a"] = answer(packed, "Content-Encoding: gzip")
    assert fetch(URL, rules=site.rules()).body == b"one two"


@pytest.mark.parametrize(
    ("content_type", "kind", "charset"),
    [
        ("text/html", "text/html", ""),
        ("TEXT/HTML;Charset='euc-kr'", "text/html", "euc-kr"),
        ("application/xhtml+xml; a=b; charset=utf-8", "application/xhtml+xml", "utf-8"),
        ("text/plain", "text/plain", ""),
    ],
)
def test_html_xhtml_and_plain_text_are_fetched(
    site: Site, content_type: str, kind: str, charset: str
) -> None:
    site.answers["/a"] = answer(b"x", f"Content-Type: {content_type}")
    page = fetch(URL, rules=site.rules())
    assert (page.content_type, page.charset) == (kind, charset)


@pytest.mark.parametrize(
    "content_type", ["", "application/pdf", "image/png", "text/html-ish", "text", "x/y, text/html"]
)
def test_what_is_no_page_is_refused(site: Site, content_type: str) -> None:
    site.answers["/a"] = answer(b"x", f"Content-Type: {content_type}")
    assert refusal(URL, site.rules()).status == "not-a-page"


@pytest.mark.parametrize(
    ("status", "word", "outcome"),
    [
        ("204 No Content", "unexpected-answer", "failed"),
        ("206 Partial Content", "unexpected-answer", "failed"),
        ("304 Not Modified", "unexpected-answer", "failed"),
        ("401 Unauthorized", "access-refused", "refused"),
        ("403 Forbidden", "access-refused", "refused"),
        ("404 Not Found", "not-found", "not found"),
        ("410 Gone", "gone", "not found"),
        ("418 Teapot", "unexpected-answer", "failed"),
        ("429 Too Many", "too-many-requests", "refused"),
        ("451 Law", "access-refused", "refused"),
        ("500 Oops", "server-failed", "failed"),
        ("503 Later", "server-failed", "failed"),
    ],
)
def test_each_status_of_http_has_its_word(site: Site, status: str, word: str, outcome: str) -> None:
    site.answers["/a"] = answer(b"", status=status)
    refused = refusal(URL, site.rules())
    assert (refused.status, refused.outcome) == (word, outcome)
    assert refused.http_status == int(status[:3])


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("99999999999999999999", 604800),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("soon", None),
        ("-5", None),
    ],
)
def test_a_site_says_when_to_come_back(site: Site, value: str, seconds: float | None) -> None:
    site.answers["/a"] = answer(b"", f"Retry-After: {value}", status="429 Too Many")
    assert refusal(URL, site.rules()).retry_after == seconds


def test_every_failure_has_a_word_of_its_own() -> None:
    kinds = [
        kind
        for name in fetching.__all__
        if isinstance(kind := getattr(fetching, name), type) and issubclass(kind, FetchError)
    ]
    assert len(kinds) > 15
    assert len({kind.status for kind in kinds}) == len(kinds)
    assert max(len(kind.status) for kind in kinds) <= 20


# --- What is never connected to -------------------------------------------------------------------


def refused_without_connecting(url: str, site: Site, rules: Rules) -> None:
    refused = refusal(url, rules)
    assert refused.status in {"address-refused", "private-address", "name-not-found"}
    assert site.connected == []


@cases("ssrf_url")
def test_an_address_that_leads_inside_is_refused(row: dict, site: Site) -> None:
    """Its host, if it is a name, is at a machine of ours: as a CNAME to localhost would make it."""
    url = row["payload"].partition(" (stub:")[0].replace("{port}", str(site.port))
    rules = site.rules(
        resolve=lambda host, port: ["169.254.169.254"], extra_ports=frozenset({site.port})
    )
    refused_without_connecting(url, site, rules)


@cases("ssrf_url")
def test_whatever_is_connected_to_is_public(row: dict, site: Site) -> None:
    """Names are public here. What is then fetched is fetched at that public address, at 80 or 443."""
    url = row["payload"].partition(" (stub:")[0].replace("{port}", str(site.port))
    with suppress(FetchError):
        fetch(url, rules=site.rules(seconds=0.2))
    assert set(site.connected) <= {(PUBLIC, 80), (PUBLIC, 443)}


@cases("ssrf_redirect")
def test_no_redirect_leads_inside(row: dict, site: Site) -> None:
    recipe = row["recipe"]
    to = recipe.get("to") or recipe["value"]
    to = to.replace("{port}", str(site.port))
    site.answers["/canary"] = answer(b"secret")
    rules = site.rules(extra_ports=frozenset({site.port}))
    if recipe["kind"] == "redirect":
        site.answers["/a"] = redirect(to, recipe["status"])
        assert refusal(URL, rules).status in {"address-refused", "private-address"}
    else:
        refresh = f"<meta http-equiv=refresh content='0;url={to}'>".encode()
        site.answers["/a"] = answer(refresh, f"Refresh: {to}")
        assert fetch(URL, rules=rules).body == refresh
    assert site.paths() == ["/robots.txt", "/a"]
    assert set(site.connected) == {(PUBLIC, 80)}


@cases("crlf")
def test_no_address_writes_a_line_of_its_own_into_the_request(row: dict, site: Site) -> None:
    with suppress(FetchError):
        fetch(f"http://news.example.org/{row['payload'].lstrip('/')}", rules=site.rules())
    for request in site.requests:
        names = [line.split(b":")[0] for line in request.strip().split(b"\r\n")[1:]]
        assert set(names) == {
            *(b"Host", b"User-Agent", b"Accept", b"Accept-Encoding", b"Connection")
        }


def test_a_name_that_points_elsewhere_the_second_time_is_checked_the_second_time(
    site: Site,
) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    rules = site.rules(resolve=lambda host, port: next(answers))
    assert refusal(URL, rules).status == "private-address"
    assert site.connected == [(PUBLIC, 80)]


def test_a_name_that_points_elsewhere_after_the_check_is_not_asked_again(site: Site) -> None:
    """DNS rebinding: the connection goes to the address that was checked, and nobody resolves again."""
    answers = iter([[PUBLIC], [PUBLIC], ["127.0.0.1"]])
    page = fetch(URL, rules=site.rules(resolve=lambda host, port: next(answers)))
    assert page.status == 200
    assert site.connected == [(PUBLIC, 80)] * 2
    assert next(answers) == ["127.0.0.1"]


def test_a_single_private_address_among_public_ones_is_enough_to_refuse(site: Site) -> None:
    site.names["news.example.org"] = [PUBLIC, "10.0.0.1"]
    refused_without_connecting(URL, site, site.rules())


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "0.0.0.0", "10.1.2.3", "100.64.0.1", "169.254.169.254", "172.31.255.255"),
        *("192.0.0.192", "192.168.1.1", "198.18.0.1", "224.0.0.1", "255.255.255.255"),
        *("168.63.129.16", "192.88.99.1", "203.0.113.9", "240.0.0.1"),
        *("::", "::1", "::ffff:127.0.0.1", "::ffff:0:127.0.0.1", "::127.0.0.1", "fe80::1"),
        *("fe80::1%eth0", "2606:4700::1111%lo", "fd00:ec2::254", "fec0::1", "ff02::1"),
        *("64:ff9b::7f00:1", "64:ff9b:1::1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "100::1"),
        *("2002:c0a8:1::1", "2001:0:7f00:1::", "2001:0:5db8:d70e::80ff:fffe", "2001:db8::1"),
        *("2001:2::1", "2001:20::1", "3fff::1", "5f00::1", "4000::1", "", "localhost", "1.2.3"),
    ],
)
def test_an_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *(PUBLIC, "1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"),
        *("2002:101:101::1", "2001:0:101:101::fefe:fefe", "2a00:1450:4001::1"),
    ],
)
def test_an_address_is_public(address: str) -> None:
    assert is_public(address)


def test_only_the_ports_of_the_rules_are_fetched(site: Site) -> None:
    assert refusal("http://news.example.org:8080/a", site.rules()).status == "address-refused"
    rules = site.rules(extra_ports=frozenset({8080}))
    assert fetch("http://news.example.org:8080/a", rules=rules).status == 200
    assert b"Host: news.example.org:8080\r\n" in site.requests[-1]


@pytest.mark.parametrize(
    ("url", "final"),
    [
        ("HTTP://News.Example.ORG.", "http://news.example.org/"),
        ("https://news.example.org:443/ä?q=ü#x", "https://news.example.org/%C3%A4?q=%C3%BC"),
        ("http://news.example.org:443?x", "http://news.example.org:443/?x"),
        ("https://[2606:4700:0::1111]/a%20b%", "https://[2606:4700::1111]/a%20b%"),
        ("http://a_b.xn--9n2bp8q.kr/", "http://a_b.xn--9n2bp8q.kr/"),
    ],
)
def test_an_address_is_taken_apart_and_put_together(url: str, final: str) -> None:
    assert target_of(url, ports=None).url == final


def test_what_a_scheduler_waits_for_is_the_host_with_its_port() -> None:
    assert fetching.host_key("https://News.example.org/a?b") == "news.example.org:443"
    assert fetching.host_key("http://news.example.org:8080/") == "news.example.org:8080"
    with pytest.raises(FetchError):
        fetching.host_key("ftp://news.example.org/")


# --- TLS ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of news.example.org that signs itself, with its key in the same file."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("there is no openssl to make a certificate with")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    key = path.with_name("key.pem")
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=news.example.org", "-addext", "subjectAltName=DNS:news.example.org"),
            *("-keyout", str(key), "-out", str(path)),
        ],
        check=True,
        capture_output=True,
    )
    path.write_text(path.read_text() + key.read_text())
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[Site]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    site = Site(context)
    names: list[str] = []
    context.sni_callback = lambda sock, name, context: names.append(name)
    site.sni = names  # type: ignore[attr-defined]
    site.answers["/a"] = answer()
    yield site
    site.close()


def test_the_name_asked_for_is_in_sni_and_host_and_the_certificate(
    secure: Site, certificate: Path
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    rules = secure.rules(tls=lambda: trusting)
    assert fetch("https://news.example.org/a", rules=rules).status == 200
    assert secure.sni == ["news.example.org"] * 2  # type: ignore[attr-defined]
    assert secure.connected == [(PUBLIC, 443)] * 2
    assert b"Host: news.example.org\r\n" in secure.requests[-1]
    assert refusal("https://other.example.org/a", rules).status == "bad-certificate"


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: Site) -> None:
    assert refusal("https://news.example.org/a", secure.rules()).status == "bad-certificate"


def test_a_site_that_speaks_no_tls_does_not_answer(site: Site) -> None:
    assert refusal("https://news.example.org/a", site.rules(seconds=0.5)).status in {
        "no-answer",
        "too-slow",
    }


def test_a_handshake_that_never_ends_is_cut_off() -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    rules = Rules(
        seconds=0.4,
        resolve=lambda host, port: [PUBLIC],
        connect=lambda address, port, seconds: socket.create_connection(
            silent.getsockname(), timeout=60
        ),
    )
    begun = time.monotonic()
    assert refusal("https://news.example.org/", rules).status == "too-slow"
    assert time.monotonic() - begun < 0.4 + SOME
    silent.close()


# --- Redirects ------------------------------------------------------------------------------------


def test_three_redirects_are_followed_and_not_a_fourth(site: Site) -> None:
    site.answers |= {
        "/1": redirect("/2"),
        "/2": redirect("3", 301),
        "/3": redirect("//news.example.org/a"),
    }
    page = fetch("http://news.example.org/1", rules=site.rules())
    assert (page.url, page.final_url) == ("http://news.example.org/1", URL)
    site.answers["/0"] = redirect("/1", 308)
    refused = refusal("http://news.example.org/0", site.rules())
    assert refused.status == "too-many-redirects"


def test_a_redirect_to_itself_ends(site: Site) -> None:
    site.answers["/a"] = redirect("/a")
    assert refusal(URL, site.rules()).status == "too-many-redirects"


def test_a_redirect_to_a_private_name_or_another_port_is_refused(site: Site) -> None:
    site.names["inside.example.org"] = ["192.168.0.10"]
    site.answers["/a"] = redirect("http://inside.example.org/")
    assert refusal(URL, site.rules()).status == "private-address"
    site.answers["/a"] = redirect("http://news.example.org:22/")
    assert refusal(URL, site.rules()).status == "address-refused"
    assert set(site.connected) == {(PUBLIC, 80)}


def test_a_redirect_may_be_written_in_utf_8_and_must_say_where_to(site: Site) -> None:
    site.answers["/a"] = answer(b"", "Location: /\u00ed\u0095\u009c", status="302 Found")
    site.answers["/%ED%95%9C"] = answer(b"x")
    assert fetch(URL, rules=site.rules()).final_url.endswith("/%ED%95%9C")
    site.answers["/a"] = answer(b"", status="302 Found")
    assert refusal(URL, site.rules()).status == "unexpected-answer"


# --- robots.txt -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /\nUser-agent: onrecord\nDisallow: /b", "/a", True),
        ("User-agent: OnRecord\nUser-agent: Other\nDisallow: /a", "/a", False),
        ("User-agent: Other\nDisallow: /a", "/a", True),
        ("User-agent: OnRecorder\nDisallow: /a", "/a", True),
        ("User-agent: onrecord\nDisallow: /a\nUser-agent: ONRECORD\nDisallow: /b", "/b", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.php$", "/x/a.php", False),
        ("User-agent: *\nDisallow: /*.php$", "/x/a.php?b", True),
        ("User-agent: *\nDisallow: /a$", "/a", False),
        ("User-agent: *\nDisallow: /a*b*c", "/axbxc", False),
        ("User-agent: *\nDisallow: /a*bc$", "/abc", False),
        ("User-agent: *\nDisallow: /ab*b$", "/ab", True),
        ("User-agent: *\nDisallow: /*?*print=", "/a?x&print=1", False),
        ("User-agent: *\nDisallow: /ä", "/%c3%a4", False),
        ("User-agent: *\nDisallow: /%7Ea", "/~a", False),
        ("User-agent: *\nDisallow: /a%2Fb", "/a/b", True),
        ("\ufeffUser-agent:*#x\r\rDisallow:/a # all\rSitemap: /s", "/a", False),
        ("Disallow: /a\nUser-agent: *\nAllow: /", "/a", True),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("<html>User-agent: * Disallow: /</html>", "/a", True),
    ],
)
def test_robots_are_read_as_their_standard_says(robots: str, path: str, allowed: bool) -> None:
    assert read_robots(robots.encode()).allows(f"http://news.example.org{path}") is allowed


@pytest.mark.parametrize(
    ("value", "delay"), [("10", 10), ("0.5", 0.5), ("nan", None), ("-1", None), ("1e99", 86400)]
)
def test_a_delay_between_requests_is_told(value: str, delay: float | None) -> None:
    assert read_robots(f"User-agent: *\nCrawl-delay: {value}".encode()).delay == delay


@pytest.mark.timeout(60)
def test_hostile_robots_are_read_to_their_end() -> None:
    for unit in ("Disallow: /" + "a*" * 900 + "b\n", "User-agent: *\n", "Allow: /%\n", ": \n"):
        body = b"User-agent: *\n" + unit.encode() * (512 * 1024 // len(unit))
        assert read_robots(body).allows("http://news.example.org/" + "a" * 1999)


def test_what_robots_refuse_is_not_fetched_and_it_is_said_why(site: Site) -> None:
    site.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /a", "Content-Type: text/plain")
    refused = refusal(URL, site.rules())
    assert (refused.status, refused.outcome) == ("robots-refused", "refused")
    assert "robots.txt" in str(refused)
    assert "news.example.org" in str(refused)
    assert site.paths() == ["/robots.txt"]


def test_robots_are_asked_for_once_and_at_each_host_of_a_chain(site: Site) -> None:
    site.answers["/a"] = redirect("http://other.example.org/b")
    site.answers["/b"] = answer()
    rules = site.rules()
    for _ in range(2):
        fetch(URL, rules=rules)
    assert site.paths() == ["/robots.txt", "/a", "/robots.txt", "/b", "/a", "/b"]


def test_robots_of_the_host_that_is_led_to_are_respected(site: Site) -> None:
    def robots(connection: socket.socket, request: bytes) -> None:
        closed = b"User-agent: *\nDisallow: /"
        connection.sendall(answer(closed if b"Host: other" in request else b""))

    site.answers |= {"/robots.txt": robots, "/a": redirect("http://other.example.org/b")}
    assert refusal(URL, site.rules()).status == "robots-refused"
    assert site.paths() == ["/robots.txt", "/a", "/robots.txt"]


def test_robots_that_fail_refuse_and_robots_that_are_not_there_allow(site: Site) -> None:
    site.answers["/robots.txt"] = answer(b"", status="503 Later")
    assert refusal(URL, site.rules()).status == "robots-unreadable"
    site.answers["/robots.txt"] = answer(b"", status="403 No")
    assert fetch(URL, rules=site.rules()).status == 200
    site.answers["/robots.txt"] = redirect("/robots.txt")
    assert fetch(URL, rules=site.rules()).status == 200


def test_robots_may_be_redirected_but_not_inside(site: Site) -> None:
    site.answers["/robots.txt"] = redirect("/r")
    site.answers["/r"] = answer(b"User-agent: *\nDisallow: /a")
    assert refusal(URL, site.rules()).status == "robots-refused"
    site.answers["/robots.txt"] = redirect("http://127.0.0.1/")
    assert refusal(URL, site.rules()).status == "private-address"


def test_endless_robots_are_read_as_far_as_they_are_read(site: Site) -> None:
    def endless(connection: socket.socket, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /a\n")
        while True:
            connection.sendall(b"# more\n" * 1000)

    site.answers["/robots.txt"] = endless
    assert refusal(URL, site.rules()).status == "robots-refused"


def test_a_scheduler_can_ask_for_the_delay(site: Site) -> None:
    site.answers["/robots.txt"] = answer(b"User-agent: *\nCrawl-delay: 7")
    rules = site.rules()
    fetch(URL, rules=rules)
    assert fetching.crawl_delay(URL, rules=rules) == 7
    assert site.paths() == ["/robots.txt", "/a"]


def test_the_memory_of_robots_does_not_grow_without_end() -> None:
    memory = RobotsMemory()
    for number in range(1500):
        memory.put(f"http://{number}.example.org", read_robots(b""))
    assert memory.get("http://0.example.org") is None
    assert memory.get("http://1499.example.org") is not None


# --- Bombs, slow, endless and broken answers ------------------------------------------------------


def head(*headers: str) -> bytes:
    lines = ("HTTP/1.1 200 OK", "Content-Type: text/html", *headers)
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def gzip_bomb(connection: socket.socket, request: bytes) -> None:
    """10 GB of zeros, about 10 MB on the wire (bombs.jsonl, gzip-http)."""
    connection.sendall(head("Content-Encoding: gzip"))
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    zeros = bytes(1 << 20)
    for _ in range(10 * 1024):
        connection.sendall(packer.compress(zeros))


NESTED = gzip.compress(gzip.compress(bytes(1 << 24)))


def nested_gzip(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head("Content-Encoding: gzip, gzip") + NESTED)


def endless_chunks(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head("Transfer-Encoding: chunked"))
    while True:
        connection.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")
        time.sleep(0.001)


def endless_slow_chunks(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head("Transfer-Encoding: chunked"))
    while True:
        connection.sendall(b"1\r\nx\r\n")
        time.sleep(0.05)


def slow_headers(connection: socket.socket, request: bytes) -> None:
    for byte in head("X: " + "y" * 1000):
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


def slow_body(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head("Content-Length: 1000"))
    for _ in range(1000):
        connection.sendall(b"x")
        time.sleep(0.05)


def no_answer_at_all(connection: socket.socket, request: bytes) -> None:
    time.sleep(5)


def endless_continue(connection: socket.socket, request: bytes) -> None:
    while True:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.01)


def big_header(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head("X: " + "y" * 65536) + b"x")


def many_headers(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head(*(f"X-{n}: y" for n in range(5000))) + b"x")


def endless_header(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        connection.sendall(b"y" * 65536)


def said_to_be_large(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head("Content-Length: 10000000000"))
    time.sleep(20)


def endless_body(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head())
    while True:
        connection.sendall(b"x" * 65536)


def chunk_of_negative_length(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head("Transfer-Encoding: chunked") + b"-1\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def endless_chunk_size(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head("Transfer-Encoding: chunked"))
    while True:
        connection.sendall(b"0" * 65536)


def too_short(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head("Content-Length: 100") + b"x")


def broken_chunks(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head("Transfer-Encoding: chunked") + b"10\r\nxxxx")


def missing_last_chunk(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head("Transfer-Encoding: chunked") + b"4\r\nxxxx\r\n")


def truncated_gzip(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head("Content-Encoding: gzip") + gzip.compress(b"x" * 5000)[:-12])


def damaged_gzip(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head("Content-Encoding: gzip") + b"<html>this is not packed</html>")


def brotli(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head("Content-Encoding: br") + b"x")


def nonsense(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"\x00\xff SSH-2.0-OpenSSH\r\n\r\n")


def hang_up(connection: socket.socket, request: bytes) -> None:
    pass


SLOW = {"too-slow"}
SOME = 3.0  # seconds that a machine that is busy may take to notice
LARGE = {"too-large"}


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (gzip_bomb, LARGE),
        (nested_gzip, {"undecodable"}),
        (endless_chunks, LARGE | SLOW),
        (endless_slow_chunks, SLOW),
        (slow_headers, SLOW),
        (slow_body, SLOW),
        (no_answer_at_all, SLOW),
        (endless_continue, SLOW),
        (big_header, {"unexpected-answer"}),
        (many_headers, {"unexpected-answer"}),
        (endless_header, {"unexpected-answer"}),
        (said_to_be_large, LARGE),
        (endless_body, LARGE),
        (chunk_of_negative_length, LARGE | {"truncated"}),
        (endless_chunk_size, {"truncated", "unexpected-answer"}),
        (too_short, {"truncated"}),
        (broken_chunks, {"truncated"}),
        (missing_last_chunk, {"truncated"}),
        (truncated_gzip, {"truncated"}),
        (damaged_gzip, {"undecodable"}),
        (brotli, {"undecodable"}),
        (nonsense, {"unexpected-answer", "truncated"}),
        (hang_up, {"no-answer", "truncated"}),
    ],
)
def test_a_bad_answer_is_refused_in_time(site: Site, script: Script, words: set[str]) -> None:
    site.answers["/a"] = script
    seconds = 0.8 if words & SLOW else 8.0  # which a machine that is busy may need
    begun = time.monotonic()
    refused = refusal(URL, site.rules(seconds=seconds))
    assert refused.status in words, repr(refused.__cause__)
    assert time.monotonic() - begun < seconds + SOME


def test_a_bomb_is_stopped_long_before_it_fills_the_memory(site: Site) -> None:
    resource = pytest.importorskip("resource")
    site.answers["/a"] = gzip_bomb
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refusal(URL, site.rules()).status == "too-large"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024  # kB


def test_a_large_page_that_is_well_packed_but_not_absurdly_is_fetched(site: Site) -> None:
    text = b"".join(b"<p>Paragraph %d says something.</p>" % n for n in range(100_000))
    site.answers["/a"] = answer(gzip.compress(text), "Content-Encoding: gzip")
    assert fetch(URL, rules=site.rules()).body == text


def test_names_that_are_never_answered_do_not_take_longer_than_allowed(site: Site) -> None:
    begun = time.monotonic()
    rules = site.rules(seconds=0.3, resolve=lambda host, port: time.sleep(9) or [PUBLIC])
    assert refusal(URL, rules).status == "too-slow"
    assert time.monotonic() - begun < 0.3 + SOME


def test_a_name_that_does_not_exist_is_told(site: Site) -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    refused = refusal(URL, site.rules(resolve=unknown))
    assert (refused.status, refused.outcome) == ("name-not-found", "not found")


def test_a_site_that_cannot_be_connected_to_does_not_answer(site: Site) -> None:
    def closed(address: str, port: int, seconds: float) -> socket.socket:
        raise ConnectionRefusedError

    assert refusal(URL, site.rules(connect=closed)).status == "no-answer"


def test_the_time_is_for_all_redirects_together(site: Site) -> None:
    def slowly(connection: socket.socket, request: bytes) -> None:
        time.sleep(0.4)
        connection.sendall(redirect("/a"))

    site.answers["/a"] = slowly
    begun = time.monotonic()
    assert refusal(URL, site.rules(seconds=1.0)).status == "too-slow"
    assert time.monotonic() - begun < 1.0 + SOME


def test_nothing_is_left_open(site: Site) -> None:
    fetch(URL, rules=site.rules())
    time.sleep(0.05)
    assert not [each for each in threading.enumerate() if isinstance(each, threading.Timer)]
