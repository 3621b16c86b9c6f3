"""Looks for a secret wherever one could be left: tables, files, logs, answers to a browser, a browser's own stores."""

import base64
import contextlib
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

PACKED = re.compile(rb"[A-Za-z0-9+/_-]{24,}")
WEB_SAFE = bytes.maketrans(b"+/", b"-_")
SPACING = re.compile(rb"[^0-9a-z]+")
ENTITY = re.compile(rb"&[#a-z0-9]{2,8};")
ONE_OF = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def flat(raw: bytes) -> bytes:
    """Small letters and digits only: however it was spaced, dashed or escaped, a secret reads the same."""
    return SPACING.sub(b"", raw.lower())


def unpacked(raw: bytes) -> Iterator[bytes]:
    """A value, and what hides in it: addresses escape, sessions, cache and tasks pack in base64, some in zlib."""
    yield raw
    if b"%" in raw:
        yield unquote_to_bytes(raw)
    if ENTITY.search(raw):
        yield unescape(raw.decode(errors="ignore")).encode()
    for found in PACKED.findall(raw):
        decoded = base64.urlsafe_b64decode(found.translate(WEB_SAFE)[: len(found) // 4 * 4])
        yield decoded
        with contextlib.suppress(zlib.error):
            # A stream that lost its last bytes above is still read as far as it goes.
            yield zlib.decompressobj().decompress(decoded)


def found_in(value: Any, secrets: Iterable[str]) -> set[str]:
    """Which of these secrets stand in a value, in clear or thinly packed."""
    raw = value if isinstance(value, bytes) else str(value).encode()
    readings = [flat(one) for one in unpacked(raw)]
    return {
        secret for secret in secrets if any(needle in one for needle in needles(secret) for one in readings)
    }


def needles(secret: str) -> tuple[bytes, bytes]:
    """A secret as it reads when flattened, and in hexadecimal; of a number the digits that all its spellings share."""
    if secret.startswith("+"):
        digits = flat(secret.encode())[-10:]
        return digits, digits.hex().encode()
    return flat(secret.encode()), secret.encode().hex().encode()


# --- Tables and files -------------------------------------------------------------------------------------------------


def rows_of(cursor: Any) -> Iterator[tuple[str, Any]]:
    """Every value of every table of an SQLite database, of our own models and all others, with the table's name."""
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    for (table,) in list(cursor.fetchall()):
        cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
        for row in cursor.fetchall():
            yield from ((table, value) for value in row if value is not None)


def tables_with(cursor: Any, secrets: Iterable[str]) -> set[tuple[str, str]]:
    """(table, secret) wherever a secret stands in a row."""
    wanted = list(secrets)
    return {(table, secret) for table, value in rows_of(cursor) for secret in found_in(value, wanted)}


def files_with(folder: Path, secrets: Iterable[str]) -> set[tuple[str, str]]:
    """(file, secret) wherever a secret stands in the bytes of a file: write-ahead logs and emptied pages included."""
    wanted = list(secrets)
    return {
        (path.relative_to(folder).as_posix(), secret)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for secret in found_in(path.read_bytes(), wanted)
    }


# --- What a browser got and what it kept ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """One answer to a browser: which page it was, and all of it but what the browser itself had sent in the form."""

    page: str
    status: int
    kind: str
    body: bytes
    around: bytes


def answers_in(har: Path) -> Iterator[Answer]:
    """Every answer that a browser recorded."""
    for entry in json.loads(har.read_text())["log"]["entries"]:
        asked, got = entry["request"], entry["response"]
        content = got["content"]
        text = content.get("text", "")
        body = base64.b64decode(text) if content.get("encoding") == "base64" else text.encode()
        around = json.dumps(
            [asked["url"], asked["headers"], asked["cookies"], got["headers"], got["cookies"]]
        )
        where = ONE_OF.sub("-", urlsplit(asked["url"]).path)
        yield Answer(
            f"{asked['method']} {where}", got["status"], content.get("mimeType", ""), body, around.encode()
        )


def pages_with(answers: Iterable[Answer], secrets: Iterable[str]) -> set[tuple[str, str]]:
    """(page, secret) wherever a secret stands in an answer, its address or its headers."""
    wanted = list(secrets)
    return {
        (answer.page, secret)
        for answer in answers
        for secret in found_in(answer.body, wanted) | found_in(answer.around, wanted)
    }


STORES = """async () => {
  const kept = { session: { ...sessionStorage }, local: { ...localStorage }, title: document.title, caches: [] };
  for (const name of await caches.keys())
    for (const asked of await (await caches.open(name)).keys())
      kept.caches.push(asked.url + " " + (await (await caches.match(asked)).text()));
  return kept;
}"""


def kept_by(page: Any) -> bytes:
    """Everything the browser keeps for the site of this page: cookies, storage, databases, caches, the title."""
    stores = [page.evaluate(STORES), page.context.storage_state(indexed_db=True), page.context.cookies()]
    return json.dumps(stores, ensure_ascii=False).encode()
