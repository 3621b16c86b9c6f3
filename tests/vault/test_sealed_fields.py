"""A sealed field can be carried about and shown to nobody."""

import copy
import json
import logging
import pickle
from uuid import uuid4

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections
from django.db.models import F
from django.forms.models import model_to_dict, modelform_factory
from django.template import Context, Template

from kernel.errors import DomainError
from tests.vault.testapp.models import Card
from vault.fields import SealedField
from vault.sealed import Sealed, token_of
from vault.sealing import seal_into, seal_many

NUMBER = "+12025550123"
HANDLE = Sealed(b"R\x01" + b"\x00" * 64, "phone.e164", uuid4(), uuid4())


def test_a_handle_prints_its_label_and_nothing_else():
    assert repr(HANDLE) == "<sealed phone.e164>"
    assert f"{HANDLE!r}" == "<sealed phone.e164>"


@pytest.mark.parametrize(
    "leak",
    [str, bytes, "{}".format, "{:>20}".format, lambda handle: "%s" % handle, pickle.dumps, json.dumps,  # noqa: UP031
     lambda handle: json.dumps(handle, cls=DjangoJSONEncoder), lambda handle: json.dumps(handle, default=str),
     lambda handle: "".join([handle]), lambda handle: handle + "", list, len, vars,
     lambda handle: handle.__getstate__()],
)  # fmt: skip
def test_a_handle_cannot_be_turned_into_something_to_read(leak):
    with pytest.raises(TypeError):
        leak(HANDLE)


@pytest.mark.parametrize(
    "source",
    [
        "{{ card.number }}",
        "{{ handle }}",
        "{% firstof handle %}",
        "{{ handle|default:'-' }}",
        "{{ handle|upper }}",
    ],
)
def test_a_template_prints_only_the_label(source):
    card = Card(respondent_id=uuid4())
    card.number = HANDLE

    shown = Template(source).render(Context({"card": card, "handle": HANDLE}))

    assert shown.lower() == "&lt;sealed phone.e164&gt;"


def test_a_template_can_ask_whether_there_is_a_value():
    shown = Template("{% if handle %}yes{% endif %}").render(Context({"handle": HANDLE}))

    assert shown == "yes"


def test_a_log_line_shows_only_the_label(caplog):
    logging.getLogger("anything").error("about %r", HANDLE)

    assert caplog.messages == ["about <sealed phone.e164>"]


def test_handles_are_equal_when_they_are_the_same_token():
    assert HANDLE.at(uuid4(), uuid4()) == HANDLE
    assert Sealed(b"R\x01" + b"\x01" * 64, "phone.e164") != HANDLE
    assert HANDLE != NUMBER
    assert copy.deepcopy(HANDLE) is HANDLE
    assert copy.copy(HANDLE) is HANDLE
    assert len({HANDLE, HANDLE.at(None, None)}) == 1


@pytest.mark.parametrize("text", [NUMBER, NUMBER.encode(), b"", 12025550123])
def test_a_field_takes_no_text(text):
    with pytest.raises(TypeError):
        Card(number=text)


def test_a_field_is_asked_for_isnull_only(new_card):
    card = new_card(number=NUMBER)

    assert list(Card.objects.filter(number__isnull=False)) == [card]
    assert not Card.objects.filter(number__isnull=True).exists()


@pytest.mark.parametrize(
    "question",
    [{"number": NUMBER}, {"number": HANDLE}, {"number": None}, {"number__exact": HANDLE}, {"number__in": [HANDLE]},
     {"number__startswith": b"R"}, {"number__gt": b""}, {"number__length": 66}, {"number": F("note")}],
)  # fmt: skip
def test_any_other_question_is_refused(question):
    with pytest.raises(FieldError):
        Card.objects.filter(**question)


def test_what_is_written_to_the_column_is_the_token(new_card, raw):
    card = new_card(number=NUMBER)

    ((column,),) = raw.execute("SELECT number FROM testapp_card")

    assert bytes(column) == token_of(card.number)
    assert len(bytes(column)) == 66
    assert b"5550123" not in bytes(column)


def test_a_row_read_back_has_a_handle_bound_to_it(new_card):
    card = new_card(number=NUMBER)

    read = Card.objects.get()

    assert (read.number.label, read.number.subject, read.number.row) == (
        "phone.e164",
        card.respondent_id,
        card.pk,
    )
    assert read.note is None


def test_a_deferred_field_reads_as_a_handle(new_card):
    card = new_card(number=NUMBER)

    assert Card.objects.defer("number").get().number == card.number


def test_a_handle_from_values_belongs_nowhere(new_card):
    new_card(number=NUMBER)

    assert Card.objects.values_list("number", flat=True).get().place is None


def test_a_field_is_emptied_by_an_update(new_card):
    card = new_card(number=NUMBER)

    Card.objects.filter(pk=card.pk).update(number=None)

    assert Card.objects.get().number is None


@pytest.mark.parametrize("text", [NUMBER, b"plain"])
def test_an_update_takes_no_text(text, new_card):
    with pytest.raises(TypeError):
        Card.objects.update(number=text)


@pytest.mark.parametrize("form", ["json", "xml", "python"])
def test_a_dump_shows_only_the_label(form, new_card):
    card = new_card(number=NUMBER)

    dump = str(serializers.serialize(form, Card.objects.all()))

    assert "sealed phone.e164" in dump
    assert token_of(card.number).hex() not in dump
    assert "5550123" not in dump


def test_a_row_cannot_be_pickled_and_can_be_copied(new_card):
    card = new_card(number=NUMBER)

    with pytest.raises(TypeError):
        pickle.dumps(card)
    assert copy.deepcopy(card).number == card.number


def test_forms_leave_sealed_fields_out():
    card = Card(respondent_id=uuid4())
    card.number = HANDLE

    assert set(model_to_dict(card)) == {"id", "respondent_id"}
    assert set(modelform_factory(Card, fields="__all__").base_fields) == {"id", "respondent_id"}
    card.clean_fields()


def test_a_field_describes_itself_completely_to_migrations():
    field = Card._meta.get_field("number")

    name, path, arguments, options = field.deconstruct()

    assert (name, path, arguments) == ("number", "vault.fields.SealedField", [])
    assert options == {"label": "phone.e164", "subject": "respondent_id", "max_length": 16, "null": True}
    assert SealedField(**options).deconstruct()[3] == options


def test_a_text_of_the_longest_length_is_sealed_and_one_more_is_refused(new_card):
    card = new_card()

    seal_into(card, "note", "ش" * 200)
    with pytest.raises(DomainError) as refusal:
        seal_into(card, "note", "ش" * 201)

    assert refusal.value.code == "too_long"
    assert "200" in str(refusal.value)


def test_many_texts_are_sealed_with_one_query_for_the_keys(new_card, django_assert_num_queries):
    cards = [new_card() for _ in range(3)]

    with django_assert_num_queries(1, connection=connections["vault"]):
        seal_many([(card, name, NUMBER) for card in cards for name in ("number", "note")])

    assert all(card.number and card.note for card in cards)


def test_sealing_many_is_all_or_nothing(new_card):
    with_key, without_key = new_card(), Card(respondent_id=uuid4())

    with pytest.raises(DomainError):
        seal_many([(with_key, "note", "met at the gate"), (without_key, "note", "met at the gate")])

    assert with_key.note is None


def test_only_sealed_fields_are_sealed_into(new_card):
    with pytest.raises(TypeError):
        seal_into(new_card(), "respondent_id", "text")
