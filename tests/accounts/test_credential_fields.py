"""What a browser says of a passkey may be anything; the field takes an object and refuses the rest."""

import pytest
from django import forms

from accounts.credential_fields import LONGEST, CredentialField


@pytest.mark.parametrize(
    "sent",
    ["true", "1e309", "99999999999999999999", "[]", "[{}]", '"text"', "NaN", "{", "\x00", '{"a":' * 50],
)
def test_what_is_no_object_is_refused(sent):
    with pytest.raises(forms.ValidationError):
        CredentialField().clean(sent)


def test_an_object_longer_than_any_passkey_is_refused():
    with pytest.raises(forms.ValidationError):
        CredentialField().clean('{"a": "' + "x" * LONGEST + '"}')


def test_an_object_is_read():
    assert CredentialField().clean('{"id": "x"}') == {"id": "x"}


def test_nothing_is_nothing_where_it_may_be_left_out():
    assert CredentialField(required=False).clean("") is None
