"""Promises of the look: small, strict, mirrored for free, readable, and described as it is."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(path for path in ROOT.glob("templates/**/*") if path.is_file())
CSS = (ROOT / "static/css/recontact.css").read_text()
SCRIPT = (ROOT / "static/js/recontact.js").read_text()
SPRITE = (ROOT / "static/icons.svg").read_text()
REFERENCE = (ROOT / "docs/COMPONENTS.md").read_text()
HTMX = ROOT / "static/vendor/htmx/htmx-2.0.11.min.js"

every_template = pytest.mark.parametrize(
    "template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates"))
)


def over_the_wire(*contents: str | bytes) -> int:
    return sum(len(gzip.compress(part.encode() if isinstance(part, str) else part, 9)) for part in contents)


# --- Small --------------------------------------------------------------------------------------------------


def test_the_stylesheet_weighs_at_most_eight_kilobytes_over_the_wire():
    assert over_the_wire(CSS) <= 8 * 1024


def test_the_script_weighs_at_most_two_kilobytes_over_the_wire():
    assert over_the_wire(SCRIPT) <= 2 * 1024


def test_what_every_page_fetches_leaves_fifteen_kilobytes_of_fifty_for_the_page_itself():
    favicon = (ROOT / "static/favicon.svg").read_text()
    assert over_the_wire(CSS, SCRIPT, SPRITE, favicon, HTMX.read_bytes()) <= 35 * 1024


# --- Mirrored for free --------------------------------------------------------------------------------------

PHYSICAL = re.compile(
    r"(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)"
    r"|(?:^|[\s;{])(?:left|right|top|bottom|width|height|(?:min|max)-(?:width|height))\s*:"
    r"|text-align\s*:\s*(?:left|right)|float\s*:\s*(?:left|right)|to (?:left|right)\b",
    re.MULTILINE,
)


def test_the_stylesheet_knows_start_and_end_but_neither_left_nor_right():
    assert PHYSICAL.findall(without_comments(CSS)) == []


@pytest.mark.parametrize(
    "rule", ["a { margin-left: 1px }", "a { left: 0 }", "a{text-align:right}", "a { width: 1px }"]
)
def test_a_physical_property_would_be_found(rule):
    assert PHYSICAL.search(rule)


def without_comments(css):
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


# --- Strict: what the content security policy would refuse --------------------------------------------------


@every_template
def test_no_template_styles_or_scripts_in_line(template):
    text = template.read_text()
    assert (
        re.findall(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|hx-on|hx-vals=[\"']js:", text)
        == []
    )
    assert re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", text) == []


@every_template
def test_no_template_fetches_from_another_host(template):
    assert re.findall(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", template.read_text()) == []


def test_the_stylesheet_fetches_nothing():
    assert re.findall(r"url\(|@import|@font-face", CSS) == []


def test_htmx_neither_evaluates_nor_styles_nor_remembers_pages_nor_asks_other_hosts():
    base = (ROOT / "templates/base.html").read_text()
    config = json.loads(re.search(r"name=\"htmx-config\" content='([^']+)'", base).group(1))
    assert config["allowEval"] is False
    assert config["includeIndicatorStyles"] is False
    assert config["selfRequestsOnly"] is True
    assert config["historyCacheSize"] == 0


def test_htmx_comes_with_its_licence():
    assert "Zero-Clause BSD" in (HTMX.parent / "LICENSE").read_text()


@pytest.mark.parametrize(
    "store", ["localStorage", "sessionStorage", "indexedDB", "caches.", "document.cookie"]
)
def test_the_script_stores_nothing(store):
    assert store not in SCRIPT


# --- Readable -----------------------------------------------------------------------------------------------

TEXT_ON_GROUND = [
    ("ink", "surface"), ("ink", "raised"), ("ink", "sunken"), ("quiet", "surface"), ("quiet", "raised"),
    ("accent", "surface"), ("accent", "raised"), ("accent", "accent-soft"), ("accent-ink", "accent"),
    ("accent-ink", "accent-strong"), ("accent-strong", "accent-soft"),
    *[(kind, f"{kind}-soft") for kind in ("ready", "waiting", "attention", "stop")],
    *[(kind, "raised") for kind in ("ready", "waiting", "attention", "stop")],
    *[("ink", f"{kind}-soft") for kind in ("ready", "waiting", "attention", "stop", "accent")],
    *[(text, f"{kind}-soft") for text in ("quiet", "accent") for kind in ("ready", "waiting", "attention", "stop")],
]  # fmt: skip
TOKENS = {
    name: {"light": light, "dark": dark}
    for name, light, dark in re.findall(r"--([a-z-]+): light-dark\((#\w{6}), (#\w{6})\)", CSS)
}


def luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """WCAG 2.2, relative luminance and contrast ratio."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_stands_out_from_its_ground_by_four_and_a_half_to_one(text, ground, scheme):
    assert contrast(TOKENS[text][scheme], TOKENS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["surface", "raised"])
def test_the_edge_of_a_control_stands_out_by_three_to_one(ground, scheme):
    assert contrast(TOKENS["edge"][scheme], TOKENS[ground][scheme]) >= 3


def test_browsers_without_light_dark_get_the_same_light_colours():
    plain = dict(re.findall(r"^  --([a-z-]+): (#\w{6});", CSS, re.MULTILINE))
    assert plain == {name: both["light"] for name, both in TOKENS.items()}


# --- Described as it is -------------------------------------------------------------------------------------


def classes_in(text):
    without_tags = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", text)
    return {name for value in re.findall(r'class="([^"]*)"', without_tags) for name in value.split()}


STYLED = set(re.findall(r"\.([a-z][a-z-]*)", CSS))


def test_the_reference_names_only_classes_that_exist():
    assert classes_in(REFERENCE) - STYLED == set()


@pytest.mark.parametrize("partial", sorted(set(re.findall(r"_partials/\w+\.html", REFERENCE))))
def test_a_partial_the_reference_names_can_be_loaded(partial):
    assert get_template(partial)


@every_template
def test_every_icon_a_template_asks_for_is_drawn(template):
    asked = set(re.findall(r"_partials/icon\.html\"\s+with\s+name=\"([a-z-]+)\"", template.read_text()))
    assert asked <= set(re.findall(r'symbol id="([a-z-]+)"', SPRITE))


def test_the_reference_lists_every_icon():
    listed = re.search(r"Names: (.*?)\. Those that flip", REFERENCE, re.DOTALL).group(1).split()
    assert sorted(listed) == sorted(re.findall(r'symbol id="([a-z-]+)"', SPRITE))
