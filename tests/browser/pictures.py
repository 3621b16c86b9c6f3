"""Keeps the pictures of README and guides: where PICTURES is set, small files under names that stay."""

import base64
import os
import struct
import zlib
from pathlib import Path
from typing import Any

from tests.browser.reader import PHONE

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
NUMBERS = ".number, .first-password"
"""What no picture shows, be it ever so invented."""

FEWER_COLOURS = """async (picture) => {
  const image = await createImageBitmap(await (await fetch("data:image/png;base64," + picture)).blob());
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.drawImage(image, 0, 0);
  const seen = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
  const often = new Map();
  for (const colour of seen) often.set(colour, (often.get(colour) || 0) + 1);
  const palette = [...often.keys()].sort((a, b) => often.get(b) - often.get(a)).slice(0, 64);
  const parts = (colour) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
  const apart = (a, b) => parts(a).reduce((sum, part, n) => sum + (part - parts(b)[n]) ** 2, 0);
  const nearest = new Map(palette.map((colour, place) => [colour, place]));
  const place = (colour) => {
    if (!nearest.has(colour))
      nearest.set(colour, palette.reduce(
        (best, one, n) => (apart(colour, one) < apart(colour, palette[best]) ? n : best), 0));
    return nearest.get(colour);
  };
  const places = Uint8Array.from(seen, place);
  let pixels = "";
  for (let row = 0; row < height; row += 1)
    pixels += "\\0" + String.fromCharCode(...places.subarray(row * width, (row + 1) * width));
  return { width, height, palette: palette.flatMap(parts), pixels: btoa(pixels) };
}"""
"""Run in an empty page: the sixty-four commonest colours, and for each pixel the nearest of them."""


def scale_of(role: str) -> int:
    """How finely a role's screen is drawn: those who are shown on a phone twice as fine, where pictures are taken."""
    return 2 if os.environ.get("PICTURES") and role in ("enumerator", "colleague", "focal") else 1


def keep(page: Any, name: str, size: dict[str, int] = PHONE, scheme: str = "light") -> None:
    """One picture of what a person sees without scrolling."""
    if not os.environ.get("PICTURES"):
        return
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    taken = page.screenshot(mask=[page.locator(NUMBERS)], mask_color="#888888")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.png").write_bytes(_smaller(page.context, taken))


def _smaller(context: Any, picture: bytes) -> bytes:
    """The picture with a palette: a third of the bytes, and no difference to the eye on pages of few colours."""
    empty = context.new_page()
    found = empty.evaluate(FEWER_COLOURS, base64.b64encode(picture).decode())
    empty.close()
    head = struct.pack(">IIBBBBB", found["width"], found["height"], 8, 3, 0, 0, 0)
    pixels = zlib.compress(base64.b64decode(found["pixels"]), 9)
    parts = ((b"IHDR", head), (b"PLTE", bytes(found["palette"])), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, data) for name, data in parts)


def _part(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
