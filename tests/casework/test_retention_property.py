"""Whatever was agreed, closed and asked for, in whatever order: nothing goes before its day, nothing stays after it."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.permissions import Role
from casework import retention
from casework.receipts import Grade
from casework.withdrawing import withdraw
from consent.models import Mode
from tests.factories import NOW, make_respondent, make_study, make_user
from tests.followups.making import enrol_again
from tracker import studies
from tracker.models import ContactPoint, Respondent
from tracker.profile import Sex
from tracker.registering import Profile
from vault.models import SubjectKey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wordings")]

DAY = timedelta(days=1)
STUDY = st.tuples(st.none() | st.integers(0, 200), st.integers(30, 120))
"""On which day it closes, if it does, and for how many days it keeps contact data."""
WISH = st.none() | st.tuples(st.sampled_from(Grade), st.integers(0, 200))


@given(panels=st.lists(STUDY, min_size=1, max_size=2), wish=WISH, today=st.integers(0, 400))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_goes_before_its_day_and_nothing_is_left_after_two_passes(
    team, enumerator, panels, wish, today
):
    coordinator = make_user(Role.COORDINATOR, team=team)
    made = [make_study(team=team, by=coordinator, contact_retention_days=days) for _closes, days in panels]
    person = make_respondent(study=made[0], team=team, by=enumerator, profile=Profile(sex=Sex.WOMAN))
    for other in made[1:]:
        enrol_again(person, other)
    for study, (closes, _days) in zip(made, panels, strict=True):
        if closes is not None and closes <= today:
            studies.close_study(study=study, by=coordinator, now=NOW + closes * DAY)
    if wish and wish[1] <= today:
        at = NOW + wish[1] * DAY
        withdraw(respondent=person, grade=wish[0], mode=Mode.PHONE, by=enumerator, now=at)

    for _pass in range(2):
        retention.run(NOW + today * DAY, wall=NOW)

    is_over = all(closes is not None and closes + days <= today for closes, days in panels)
    is_wished = wish is not None and wish[0] != Grade.STOP and wish[1] + 30 <= today
    left = Respondent.objects.get(pk=person.pk)
    assert ContactPoint.objects.filter(respondent=person).exists() == (not is_over and not is_wished)
    assert SubjectKey.objects.filter(subject=person.pk).exists() == (not is_over and not is_wished)
    assert (left.sex == Sex.NOT_SAID) == is_over
