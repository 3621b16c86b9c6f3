from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from reports.charts import BOTTOM, END, START, TOP, line_chart


def drawn(chart):
    told = {"id": "retention", "title": "Retention & more", "desc": "Two < three"}
    return render_to_string("reports/_chart.html", {"chart": chart, **told})


def test_the_first_line_runs_from_top_to_bottom_as_shares_fall():
    chart = line_chart([[1.0, 0.5, 0.0]], ["1", "2", "3"])
    assert chart.lines[0].path == f"M67 {TOP}L321 112L575 {BOTTOM}"
    assert [mark.label for mark in chart.across] == ["1", "2", "3"]


def test_a_gap_in_the_numbers_is_a_gap_in_the_line():
    chart = line_chart([[1.0, None, 0.5, 0.5]], ["1", "2", "3", "4"])
    assert chart.lines[0].path.count("M") == 2


def test_a_single_round_is_a_dot_and_no_line():
    chart = line_chart([[0.64], [0.64], [0.58]], ["1"])
    assert [(line.path, len(line.dots)) for line in chart.lines] == [("", 1)] * 3


def test_a_band_runs_above_the_line_and_back_below_it():
    chart = line_chart([[0.5, 0.5]], ["1", "2"], [(0.25, 0.75), (0.0, 1.0)])
    assert chart.bands == (f"M67 64L575 {TOP}L575 {BOTTOM}L67 160Z",)


def test_a_gap_splits_the_band_and_a_lone_point_keeps_a_narrow_one():
    chart = line_chart([[0.5, None, 0.5]], ["1", "2", "3"], [(0.25, 0.75), None, (0.25, 0.75)])
    assert chart.bands == ("M62 64L72 64L72 160L62 160Z", "M570 64L580 64L580 160L570 160Z")


def test_many_rounds_are_labelled_at_most_twelve_times():
    labels = [str(number) for number in range(1, 41)]
    assert len(line_chart([[0.5] * 40], labels).across) <= 12


def test_words_at_either_end_stay_within_the_picture():
    words = line_chart([[1.0, 0.5, 0.0]], ["morning", "midday", "evening"]).across
    numbers = line_chart([[1.0, 0.5, 0.0]], ["1", "2", "3"]).across

    assert [(one.x, one.anchor) for one in words] == [(START, "start"), (321, "middle"), (END, "end")]
    assert {one.anchor for one in numbers} == {"middle"}


@pytest.mark.parametrize("how_many", [1, 6, 24])
def test_the_picture_is_well_formed_small_and_carries_no_style_or_script(how_many):
    values = [1 - nth / 30 for nth in range(how_many)]
    svg = drawn(line_chart([values] * 3, [str(nth) for nth in range(how_many)]))
    root = ElementTree.fromstring(svg)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    names = {name for element in root.iter() for name in element.attrib}
    assert tags <= {"svg", "title", "desc", "line", "text", "path", "circle"}
    assert not [name for name in names if name == "style" or name.startswith("on") or "href" in name]
    assert root.find("{*}title").text == "Retention & more" and root.find("{*}desc").text == "Two < three"
    assert len(svg.encode()) <= 4096


@given(st.lists(st.none() | st.floats(0, 1), max_size=40))
def test_no_line_ever_leaves_the_picture(values):
    chart = line_chart([values], [str(nth) for nth in range(len(values))])
    for dot in chart.lines[0].dots:
        assert 0 <= dot.x <= chart.width and TOP <= dot.y <= BOTTOM
