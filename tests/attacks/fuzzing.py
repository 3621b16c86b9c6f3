"""A visitor who follows every link and sends every form with whatever comes to mind, and what no answer may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from random import Random
from urllib.parse import quote, urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

MARKUP = '"><b id=fuzz7>'
TEMPLATE = "{{ 'zq'|upper }}fuzz{% debug %}"
ODD = (
    "", " ", "A" * 6000, "\u202e\u200f\u2066abc", "a\x00b", "\x1b[31m\x07\x7f", "line\r\nSet-Cookie: x=1", "-1", "0",
    "99999999999999999999", "1e309", "NaN", "null", "[]", "{}", "true", "'; DROP TABLE x;--", MARKUP, TEMPLATE,
    "=1+1", "@SUM(A1)", "\t=cmd|' /C calc'!A0", "%s%s%n", "../../etc/passwd", "0000-00-00", "2026-02-30", "9999-12-31",
    "0001-01-01", "2026-04-20", "25:99", "00:00", "12:30", "١٢٣", "+44 7700 900 777", "\u0660\u0661", "1" * 400, "on",
    "Africa/Nowhere", "UTC", "\u00e9\u0301\ud83d".encode("utf-8", "ignore").decode(), "<script>alert(1)</script>", "💥",
)  # fmt: skip
FILES = (
    b"",
    b"\x00\xff\xfe",
    b"code,phone\n=1+1,+447700900777\n",
    b"[columns]\nphone = 1\n",
    b"PK\x03\x04" + b"\0" * 64,
)
HEADERS = ({}, {}, {}, {"HX-Request": "true"}, {"Accept": "application/json"}, {"Accept-Language": "ar"})
BROKEN_QUERIES = (
    "?page=-1", "?page=999999999999999999999", "?page=%00", "?%ff=%fe", "?sort=a%00b", "?a[]=1&a[]=2",
    "?" + "x=1&" * 50,
)  # fmt: skip

MORE_NAMES = (
    "page", "sort", "next", "role", "teams", "countries", "languages", "is_active", "is_superuser", "is_staff",
    "password", "session_epoch", "status", "user", "id", "pk", "decided_by", "until",
)  # fmt: skip
"""Names that no form of theirs may offer."""

REVEALS = re.compile(r"/(dial|contact|note|show|reveal)[a-z-]*/?$")
"""Addresses that open something of one's own people, on purpose."""


@dataclass(frozen=True)
class Shot:
    """One request."""

    method: str
    url: str
    data: tuple[tuple[str, object], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    def fire(self, client: Client):
        """The answer. The same name may come several times."""
        fields: dict[str, list[object]] = {}
        for name, value in self.data:
            fields.setdefault(name, []).append(value)
        send = client.get if self.method == "get" else client.post
        return send(self.url, fields, headers=dict(self.headers), secure=True)

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.url} {list(self.data)!r} {dict(self.headers)}"


@dataclass
class Form:
    method: str
    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)


class Page(HTMLParser):
    """The links and forms of a page, with what each field offers."""

    def __init__(self, html: str, url: str) -> None:
        super().__init__()
        self.url, self.links, self.forms = url, set(), []
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        for name in ("href", "hx-get"):
            if said.get(name):
                self.links.add(urljoin(self.url, said[name]).partition("#")[0])
        if tag == "form":
            action = urljoin(self.url, said.get("action") or said.get("hx-post") or self.url)
            self.forms.append(Form(said.get("method", "get").lower(), action))
        if tag in ("input", "select", "textarea", "button") and said.get("name") and self.forms:
            offered = self.forms[-1].fields.setdefault(said["name"], [])
            if said.get("type") == "file":
                self.forms[-1].files.add(said["name"])
            if said.get("value"):
                offered.append(said["value"])
            self._select = said["name"] if tag == "select" else ""
        if tag == "option" and self._select and self.forms:
            self.forms[-1].fields[self._select].append(said.get("value", ""))


@dataclass
class Visitor:
    """Somebody signed in, with what they have found so far; the same seed makes the same requests."""

    chance: Random
    words: tuple[str, ...]
    """Ids and codes of one's own and of others', to put into fields."""
    addresses: tuple[str, ...]
    links: list[str] = field(default_factory=lambda: ["/"])
    forms: dict[tuple[str, str, tuple[str, ...]], Form] = field(default_factory=dict)
    followed: set[str] = field(default_factory=set)

    def shots(self) -> Iterator[Shot]:
        """First every link and every address once; then forms and odd requests without end."""
        while True:
            fresh = [link for link in self.links if link not in self.followed]
            if fresh:
                self.followed.add(fresh[0])
                yield Shot("get", fresh[0])
            elif self.forms and self.chance.random() < 0.6:
                yield self._send(self.chance.choice(list(self.forms.values())))
            else:
                yield self._odd()

    def saw(self, shot: Shot, html: str) -> None:
        """Remember what the answer leads to. Lists have endless pages: one link of each kind of address is enough."""
        page = Page(html, shot.url)
        known = {kind_of(link) for link in self.links}
        for link in sorted(page.links):
            if link.startswith("/") and not link.startswith("/static") and kind_of(link) not in known:
                known.add(kind_of(link))
                self.links.append(link)
        for form in page.forms:
            if "sign-out" not in form.action:
                self.forms.setdefault((form.method, kind_of(form.action), tuple(sorted(form.fields))), form)

    def _send(self, form: Form) -> Shot:
        data: list[tuple[str, object]] = []
        for name, offered in form.fields.items():
            if name in form.files:
                data.append((name, SimpleUploadedFile("list.csv", self.chance.choice(FILES))))
            elif self.chance.random() < 0.85:
                data.append((name, self._value(offered)))
            if self.chance.random() < 0.05:
                data.append((name, self._value(offered)))
        method = form.method if self.chance.random() < 0.95 else "get"
        return Shot(
            method,
            form.action,
            tuple(one for one in data if method == "post" or name_is_text(one)),
            self._headers(),
        )

    def _value(self, offered: list[str]) -> str:
        drawn = self.chance.random()
        if offered and drawn < 0.6:
            return self.chance.choice(offered)
        return self.chance.choice(self.words if drawn < 0.7 else ODD)

    def _odd(self) -> Shot:
        url = self.chance.choice([*self.addresses, *self.links])
        if self.chance.random() < 0.4:
            broken = urlsplit(url).path + self.chance.choice((*BROKEN_QUERIES, "?q=" + quote(MARKUP)))
            return Shot("get", broken, (), self._headers())
        names = sorted({*MORE_NAMES, *(name for form in self.forms.values() for name in form.fields)})
        some = self.chance.sample(names, min(len(names), self.chance.randint(1, 6)))
        data = tuple((name, self._value([])) for name in some)
        return Shot(self.chance.choice(("get", "post")), urlsplit(url).path, data, self._headers())

    def _headers(self) -> tuple[tuple[str, str], ...]:
        return tuple(self.chance.choice(HEADERS).items())


def name_is_text(one: tuple[str, object]) -> bool:
    return isinstance(one[1], str)


def kind_of(url: str) -> str:
    """An address without what it names, so that a thousand respondents are one page."""
    parts = urlsplit(url)
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b\d+\b", "*", parts.path)
    return path + "?" + "&".join(sorted(pair.partition("=")[0] for pair in parts.query.split("&")))


# --- What no answer may hold ------------------------------------------------------------------------------------------

NEVER_IN_A_POLICY = ("unsafe-inline", "unsafe-eval", "*", "http:", "data:")
UNSTEADY = {"/readyz"}
"""Says 503 while no background worker runs."""


def faults(shot: Shot, answer, own: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    """What is wrong with an answer, in words; an empty list where nothing is."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = body.decode(errors="replace")
    path = urlsplit(shot.url).path
    sealed = others if REVEALS.search(path) else (*own, *others)
    found = [f"something sealed is shown: {word!r}" for word in sealed if word in text]
    if answer.status_code >= 500 and path not in UNSTEADY:
        found.append(f"status {answer.status_code}: {cause_of(answer)}")
    if "<b id=fuzz7>" in text or "<script>alert(1)" in text:
        found.append("markup comes back as markup")
    if "ZQfuzz" in text:
        found.append("a template is run")
    return [*found, *_headers_lacking(answer), *_cookies_lacking(answer)]


def cause_of(answer) -> str:
    kind, error, trace = getattr(answer, "exc_info", None) or (None, None, None)
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return (
        f"{kind and kind.__name__}: {error} at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        if trace
        else ""
    )


def _headers_lacking(answer) -> list[str]:
    policy = answer.headers.get("Content-Security-Policy", "")
    wanted = {
        "Content-Security-Policy": "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        and not any(word in policy.replace("'", "").split() for word in NEVER_IN_A_POLICY),
        "Cache-Control": "no-store" in answer.headers.get("Cache-Control", ""),
        "X-Content-Type-Options": answer.headers.get("X-Content-Type-Options") == "nosniff",
        "X-Frame-Options": answer.headers.get("X-Frame-Options") == "DENY",
        "Referrer-Policy": answer.headers.get("Referrer-Policy") in ("same-origin", "no-referrer"),
        "Cross-Origin-Opener-Policy": answer.headers.get("Cross-Origin-Opener-Policy") == "same-origin",
        "Strict-Transport-Security": "max-age=31536000" in answer.headers.get("Strict-Transport-Security", ""),
        "Location": urlsplit(answer.headers.get("Location", "")).netloc in ("", "testserver"),
    }  # fmt: skip
    return [
        f"header {name} is {answer.headers.get(name)!r}" for name, is_well in wanted.items() if not is_well
    ]


def _cookies_lacking(answer) -> list[str]:
    """Each cookie over TLS, out of a script's reach and kept to this site; one that is taken away carries nothing."""
    return [
        f"cookie {name} without {flag}"
        for name, cookie in answer.cookies.items()
        for flag in ("secure", "httponly", "samesite")
        if cookie.value and not cookie[flag]
    ]


def smallest(shot: Shot, is_wrong) -> Shot:
    """The same request without whatever it does not need to go wrong."""
    for one in shot.data:
        less = Shot(
            shot.method, shot.url, tuple(other for other in shot.data if other is not one), shot.headers
        )
        if is_wrong(less):
            shot = less
    bare = Shot(shot.method, shot.url, shot.data)
    return bare if is_wrong(bare) else shot
