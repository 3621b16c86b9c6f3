"""The glossary says what the code says."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from tests.config import glossary_tables

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
GLOSSARY = (ROOT / "docs" / "GLOSSARY.md").read_text()


def is_there(path):
    """A path from the root, or a template by the name it is included by."""
    return (ROOT / path).exists() or (ROOT / "templates" / path).exists()


@pytest.mark.parametrize("table", [glossary_tables.purposes, glossary_tables.dispositions])
def test_a_table_of_the_glossary_is_the_one_the_code_goes_by(table):
    with translation.override("en"):
        assert table() in GLOSSARY


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_a_document_names_exists(page):
    named = re.findall(r"`((?:[a-z_]+/)+[a-zA-Z0-9_.-]*)`", page.read_text())

    assert [path for path in named if not path.startswith("var/") and not is_there(path)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_between_documents_leads_somewhere(page):
    targets = re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", page.read_text())

    assert [target for target in targets if not (page.parent / target).exists()] == []
