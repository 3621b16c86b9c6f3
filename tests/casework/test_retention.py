"""What has been kept for long enough goes by itself, each class in its time, and nothing goes before."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django_q.models import Task

from accounts import staffing
from accounts.models import Gender, Shift, StaffLanguage, User
from accounts.permissions import Role
from audit.actions import Action
from audit.models import AuditEvent
from casework import erasing, retention
from casework.receipts import Grade
from casework.retaining import panels, passing, staff
from casework.retaining.terms import contact_due_at, panel_ended_at
from casework.withdrawing import withdraw
from consent import recording
from consent.folding import Decision
from consent.models import LedgerEntry, Mode, Wording
from consent.purposes import Purpose
from consent.recording import Said
from followups import holding
from followups.models import Attempt, FollowUp
from followups.models.restraints import HoldKind
from kernel.borrowed import BORROWED, borrowed_models
from kernel.holdings import Retention, fields_of, first_party_models
from orientation.models import OrientationRequest
from orientation.vocabulary import State
from tests.factories import NOW, make_respondent, make_study, make_user, the_administrator
from tests.followups.making import enrol_again
from tests.orientation.making import contact_request, partner, service
from tracker import studies
from tracker.keeping import SafeContact
from tracker.models import ContactPoint, Enrolment, Respondent, Transition
from tracker.models.respondents import Status
from tracker.models.studies import StudyKind
from tracker.profile import AgeBand, Sex
from tracker.registering import Profile
from vault import lines, subject_keys
from vault.errors import Shredded
from vault.models import PhoneBucket, ProcessKeys, RefusedNumber, SubjectKey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wordings")]

DAY = timedelta(days=1)
CLOSED = NOW + 10 * DAY
DUE = CLOSED + 180 * DAY
KNOWN = Profile(age_band=AgeBand.FROM_25, sex=Sex.WOMAN, baseline_country="TN")
SAFE = SafeContact(safe_phrase="green tea", cover_words="about the bicycle")


@pytest.fixture
def respondent(study, team, enumerator):
    return make_respondent(study=study, team=team, by=enumerator, safe=SAFE, ask_for="Sparrow", profile=KNOWN)


@pytest.fixture
def closed(study, coordinator, respondent):
    studies.close_study(study=study, by=coordinator, now=CLOSED)
    return study


def work(now):
    """One pass of the job at `now`; what each part did."""
    return {item.name: item.done for item in retention.run(now, wall=now)}


def is_reachable(person):
    return (
        ContactPoint.objects.filter(respondent=person).exists()
        and SubjectKey.objects.filter(subject=person.pk).exists()
    )


# --- When: arithmetic -------------------------------------------------------------------------------------------------


def at(*when):
    return datetime(*when, tzinfo=UTC)


@pytest.mark.parametrize(
    ("closed_at", "last_on", "ended_at"),
    [
        (None, None, None),
        (at(2026, 5, 1, 9), None, at(2026, 5, 1, 9)),
        (None, date(2026, 6, 30), at(2026, 6, 30)),
        (at(2026, 5, 1, 9), date(2026, 6, 30), at(2026, 5, 1, 9)),
        (at(2026, 9, 1, 9), date(2026, 6, 30), at(2026, 6, 30)),
    ],
)
def test_a_panel_ends_with_its_last_round_or_its_closing_whichever_comes_first(closed_at, last_on, ended_at):
    assert panel_ended_at(closed_at, last_on) == ended_at


def test_the_days_of_the_study_are_counted_from_its_end():
    assert contact_due_at(at(2026, 1, 31), 30, None) == at(2026, 3, 2)


def test_no_panel_goes_within_a_month_of_a_change_of_its_study():
    assert contact_due_at(at(2026, 1, 31), 30, at(2026, 1, 31)) == at(2026, 3, 2)
    assert contact_due_at(at(2020, 1, 31), 30, at(2026, 1, 31)) == at(2026, 3, 2)


# --- Panel and erasure ------------------------------------------------------------------------------------------------


def test_contact_data_and_profile_go_when_their_study_is_over_for_long_enough(closed, respondent):
    attempts = set(Attempt.objects.values_list("survey_token", flat=True))
    kept_in_a_backup = ContactPoint.objects.get(respondent=respondent).value

    assert work(DUE)["people_of_ended_studies"] == 1

    respondent.refresh_from_db()
    assert (respondent.status, respondent.ask_for, respondent.audit_ref) == (Status.ERASED, None, None)
    assert (respondent.language, respondent.sex, respondent.age_band) == ("", Sex.NOT_SAID, AgeBand.NOT_SAID)
    assert not is_reachable(respondent)
    assert not PhoneBucket.objects.filter(subject=respondent.pk).exists()
    assert not Transition.objects.filter(respondent=respondent).exists()
    assert set(Attempt.objects.values_list("survey_token", flat=True)) == attempts
    with pytest.raises(Shredded):
        lines.sharing(kept_in_a_backup)


def test_a_moment_before_the_day_nothing_goes(closed, respondent):
    assert work(DUE - timedelta(seconds=1))["people_of_ended_studies"] == 0

    assert is_reachable(respondent)


def test_a_study_that_goes_on_keeps_its_people_however_old_they_are(study, respondent):
    work(NOW + 2000 * DAY)

    assert is_reachable(respondent)


def test_it_works_with_the_vault_locked(closed, respondent, vault_locked):
    vault_locked()

    assert work(DUE)["people_of_ended_studies"] == 1

    assert not is_reachable(respondent)


def test_what_is_owed_ends_as_the_studys_and_the_ledger_says_nothing_the_person_did_not(closed, respondent):
    said = LedgerEntry.objects.count()

    work(DUE)

    assert [row.ended for row in FollowUp.objects.of(respondent)] == ["study_closed"]
    assert LedgerEntry.objects.count() == said


def test_the_trail_tells_it_in_counts_and_names_nobody_who_is_gone(closed, respondent):
    reference = respondent.audit_ref

    work(DUE)

    told = AuditEvent.objects.filter(action=Action.RETENTION_APPLIED).get()
    assert (told.actor_id, told.audit_ref, told.detail) == (
        None,
        None,
        {"what": "people_of_ended_studies", "rows": 1},
    )
    erased = AuditEvent.objects.get(action=Action.RESPONDENT_ERASED)
    assert (erased.actor_id, erased.audit_ref) == (None, reference)


def test_a_second_pass_finds_nothing_and_leaves_no_line(closed, respondent):
    work(DUE)
    told = AuditEvent.objects.count()

    assert sum(work(DUE + DAY).values()) == 0
    assert AuditEvent.objects.count() == told


def test_a_study_opened_again_in_time_keeps_its_people(closed, respondent, coordinator):
    studies.reopen_study(study=closed, by=coordinator, now=DUE - DAY)

    work(DUE + 500 * DAY)

    assert is_reachable(respondent)


def test_somebody_found_just_before_their_study_was_opened_again_stays(closed, respondent, coordinator):
    found = panels.people_due(DUE).get()
    studies.reopen_study(study=closed, by=coordinator, now=DUE)

    panels.forget(found, DUE)

    assert is_reachable(respondent)


def test_another_round_of_a_calendar_study_moves_the_day(team, coordinator, enumerator):
    study = make_study(
        team=team, by=coordinator, kind=StudyKind.CALENDAR, plan=True, contact_retention_days=30
    )
    give = {"study": study, "by": coordinator, "now": NOW}
    studies.set_round(number=1, opens_on=date(2026, 4, 1), closes_on=date(2026, 5, 1), **give)
    person = make_respondent(study=study, team=team, by=enumerator)
    assert work(at(2026, 5, 30))["people_of_ended_studies"] == 0
    studies.set_round(number=2, opens_on=date(2026, 6, 1), closes_on=date(2026, 7, 1), **give)

    assert work(at(2026, 7, 30))["people_of_ended_studies"] == 0
    assert is_reachable(person)
    assert work(at(2026, 7, 31))["people_of_ended_studies"] == 1
    assert not is_reachable(person)


def test_somebody_in_two_studies_goes_with_the_last_of_them(closed, respondent, team, coordinator):
    other = make_study(team=team, by=coordinator)
    enrol_again(respondent, other)

    assert work(DUE)["people_of_ended_studies"] == 0
    studies.close_study(study=other, by=coordinator, now=DUE)
    assert work(DUE + 179 * DAY)["people_of_ended_studies"] == 0
    assert work(DUE + 180 * DAY)["people_of_ended_studies"] == 1


def test_whoever_only_asked_not_to_be_called_is_kept_as_long_as_the_panel_and_no_longer(
    study, respondent, enumerator, coordinator
):
    withdraw(respondent=respondent, grade=Grade.STOP, mode=Mode.PHONE, by=enumerator, now=NOW)
    assert work(NOW + 400 * DAY)["erasure_wishes"] == 0
    assert is_reachable(respondent)
    studies.close_study(study=study, by=coordinator, now=NOW + 400 * DAY)

    work(NOW + 580 * DAY)

    assert not is_reachable(respondent)


def test_a_person_on_a_safety_hold_goes_in_time_like_everybody_else(closed, respondent, coordinator):
    holding.place(
        respondent=respondent, kind=HoldKind.SAFETY, until=None, review_at=None, by=coordinator, now=NOW
    )

    assert work(DUE)["people_of_ended_studies"] == 1


def test_whoever_waits_for_a_partner_is_not_cut_off_and_goes_when_the_request_has_ended(
    study, respondent, coordinator, enumerator
):
    studies.close_study(study=study, by=coordinator, now=CLOSED)
    with_them = partner("HELP", by=coordinator, expires_on=date(2027, 6, 1))
    offer = service(with_them, by=coordinator)
    request = contact_request(respondent, offer, by=enumerator, now=NOW)
    OrientationRequest.objects.filter(pk=request.pk).update(expires_at=DUE + 5 * DAY)
    request.refresh_from_db()

    assert work(DUE)["people_of_ended_studies"] == 0
    assert is_reachable(respondent)
    assert work(request.expires_at - timedelta(seconds=1))["people_of_ended_studies"] == 0
    assert work(request.expires_at)["people_of_ended_studies"] == 1
    assert OrientationRequest.objects.get().state == State.EXPIRED


def test_whoever_agreed_to_be_contacted_after_the_study_is_kept_until_that_runs_out(
    closed, respondent, enumerator
):
    say_yes(respondent, (Purpose.KEEP_NUMBER, Purpose.RECONTACT_AFTER_STUDY), DUE - DAY, enumerator)

    assert work(DUE)["people_of_ended_studies"] == 0
    assert work(DUE + 363 * DAY)["people_of_ended_studies"] == 0
    assert work(DUE + 364 * DAY)["people_of_ended_studies"] == 1


def say_yes(person, purposes, now, by):
    said = tuple(
        Said(one, Decision.GRANTED, Mode.PHONE, "en", now, wording=Wording.objects.in_use(one, "en"))
        for one in purposes
    )
    recording.record_all(respondent_id=person.pk, audit_ref=person.audit_ref, said=said, by=by, now=now)


def test_the_profile_of_somebody_whose_numbers_were_erased_before_goes_with_the_panel(
    study, respondent, coordinator
):
    withdraw(respondent=respondent, grade=Grade.ERASE_IDENTIFIERS, mode=Mode.PHONE, by=coordinator, now=NOW)
    studies.close_study(study=study, by=coordinator, now=CLOSED)
    assert Respondent.objects.get(pk=respondent.pk).sex == Sex.WOMAN

    assert work(DUE)["people_of_ended_studies"] == 1

    assert Respondent.objects.get(pk=respondent.pk).sex == Sex.NOT_SAID


# --- Wishes that waited -----------------------------------------------------------------------------------------------


def test_a_wish_to_be_erased_that_nobody_carried_out_is_carried_out_after_a_month(respondent, enumerator):
    withdraw(respondent=respondent, grade=Grade.ERASE_IDENTIFIERS, mode=Mode.PHONE, by=enumerator, now=NOW)

    assert work(NOW + 30 * DAY - timedelta(seconds=1))["erasure_wishes"] == 0
    assert is_reachable(respondent)
    assert work(NOW + 30 * DAY)["erasure_wishes"] == 1

    respondent.refresh_from_db()
    assert (respondent.status, respondent.sex) == (Status.ERASED, Sex.WOMAN)
    assert not is_reachable(respondent)


def test_a_wish_of_somebody_of_whom_no_number_is_held_is_carried_out_too(study, team, enumerator):
    counted = make_respondent(study=study, team=team, by=enumerator, numbers=(), granted=())
    withdraw(respondent=counted, grade=Grade.ERASE_IDENTIFIERS, mode=Mode.PHONE, by=enumerator, now=NOW)

    assert work(NOW + 30 * DAY)["erasure_wishes"] == 1
    assert Respondent.objects.get(pk=counted.pk).status == Status.ERASED
    assert work(NOW + 31 * DAY)["erasure_wishes"] == 0


def test_of_who_asked_for_everything_the_numbers_go_and_the_codes_still_reach_whoever_erases(
    respondent, enumerator, coordinator
):
    withdraw(respondent=respondent, grade=Grade.ERASE_ALL, mode=Mode.PHONE, by=enumerator, now=NOW)

    assert work(NOW + 30 * DAY)["erasure_wishes"] == 1

    respondent.refresh_from_db()
    assert (respondent.status, respondent.ask_for) == (Status.STOPPED, None)
    assert not is_reachable(respondent)
    assert work(NOW + 31 * DAY)["erasure_wishes"] == 0
    later = NOW + 40 * DAY
    receipt = withdraw(
        respondent=respondent, grade=Grade.ERASE_ALL, mode=Mode.PHONE, by=coordinator, now=later
    )
    assert receipt.is_erased


# --- Staff ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def leaver(team):
    person = make_user(team=team, username="amina", languages=("en", "ar"), gender=Gender.WOMAN)
    Shift.objects.create(user=person, weekday=0, starts="09:00", ends="12:00")
    User.objects.filter(pk=person.pk).update(last_login=NOW)
    subject_keys.create([person.pk], now=NOW)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "sealed"})
    staffing.close_account(person=User.objects.get(pk=person.pk), by=the_administrator(), now=NOW)
    return person


def test_a_year_after_closing_nothing_personal_is_left_of_an_account_and_its_id_stays(leaver):
    assert work(NOW + 365 * DAY - timedelta(seconds=1))["closed_accounts"] == 0
    assert work(NOW + 365 * DAY)["closed_accounts"] == 1

    left = User.objects.get(pk=leaver.pk)
    assert left.username == left.display_name == f"gone-{leaver.pk.hex[:12]}"
    assert (left.gender, left.last_login, left.has_usable_password()) == (Gender.NOT_SAID, None, False)
    assert not left.teams.exists()
    assert not StaffLanguage.objects.filter(user=leaver).exists()
    assert not Shift.objects.filter(user=leaver).exists()
    assert not Authenticator.objects.filter(user=leaver).exists()
    assert not SubjectKey.objects.filter(subject=leaver.pk).exists()
    assert AuditEvent.objects.filter(action=Action.STAFF_DISABLED, object_id=leaver.pk).exists()
    assert work(NOW + 366 * DAY)["closed_accounts"] == 0


def test_an_account_opened_and_closed_again_counts_from_the_last_closing(leaver):
    admin = the_administrator()
    staffing.open_account(person=User.objects.get(pk=leaver.pk), by=admin, now=NOW + 100 * DAY)
    staffing.close_account(person=User.objects.get(pk=leaver.pk), by=admin, now=NOW + 200 * DAY)

    assert work(NOW + 400 * DAY)["closed_accounts"] == 0
    assert work(NOW + 565 * DAY)["closed_accounts"] == 1


def test_an_open_account_is_kept_however_long_ago_it_was_closed_once(leaver):
    staffing.open_account(person=User.objects.get(pk=leaver.pk), by=the_administrator(), now=NOW + DAY)

    assert work(NOW + 2000 * DAY)["closed_accounts"] == 0


LEAVES = (Retention.STAFF, Retention.TRANSIENT)


def test_every_key_to_somebody_who_left_goes_with_them_or_belongs_to_a_record_that_stays():
    stays = {
        (model._meta.label, field.name)
        for model in first_party_models()
        for field in fields_of(model)
        if field.is_relation and field.related_model is User and field.holding[2] not in LEAVES
    }
    goes = {(model._meta.label, field.name) for model, field in staff.links_to_staff()}

    assert ("accounts.Shift", "user") in goes
    assert ("orientation.FocalPoint", "user") in goes
    assert ("orientation.OrientationRequest", "handled_by") in goes
    assert not goes & stays


# --- Study ------------------------------------------------------------------------------------------------------------


def test_years_after_its_closing_a_study_keeps_its_code_alone(study, coordinator):
    wanted = studies.details_of(study)
    assert wanted.teams
    studies.close_study(study=study, by=coordinator, now=CLOSED)
    type(study).objects.filter(pk=study.pk).update(script="Good day, this is about the study.")
    assert work(CLOSED + 5 * 365 * DAY - timedelta(seconds=1))["studies_off_record"] == 0

    assert work(CLOSED + 5 * 365 * DAY)["studies_off_record"] == 1

    study.refresh_from_db()
    assert (study.script, study.title) == ("", study.code)
    assert not study.teams.exists()


def test_refused_numbers_go_with_the_last_study_on_record(study, team, coordinator):
    RefusedNumber.objects.create(index_key_id=1, code=b"x" * 32)
    studies.close_study(study=study, by=coordinator, now=CLOSED)
    other = make_study(team=team, by=coordinator)

    work(CLOSED + 5 * 365 * DAY)
    assert RefusedNumber.objects.count() == 1
    studies.close_study(study=other, by=coordinator, now=CLOSED + 365 * DAY)
    work(CLOSED + 6 * 365 * DAY)

    assert RefusedNumber.objects.count() == 0


# --- Trail ------------------------------------------------------------------------------------------------------------


def test_no_line_of_the_trail_ever_goes_by_itself(closed, respondent):
    before = set(AuditEvent.objects.values_list("pk", flat=True))

    work(NOW + 20 * 365 * DAY)

    assert before <= set(AuditEvent.objects.values_list("pk", flat=True))


# --- Transient --------------------------------------------------------------------------------------------------------


def test_sessions_results_and_signs_of_life_that_are_over_go_and_the_others_stay():
    Session.objects.create(session_key="over", session_data="x", expire_date=NOW - timedelta(seconds=1))
    Session.objects.create(session_key="open", session_data="x", expire_date=NOW + timedelta(seconds=1))
    for name, age in (("old", 15), ("new", 13)):
        Task.objects.create(id=name, name=name, func="f", started=NOW - age * DAY, stopped=NOW - age * DAY)
    ProcessKeys.objects.create(heartbeat=NOW - timedelta(hours=25))
    ProcessKeys.objects.create(heartbeat=NOW - timedelta(hours=23))

    assert work(NOW)["transient_rows"] >= 3

    assert [one.session_key for one in Session.objects.all()] == ["open"]
    assert [one.name for one in Task.objects.all()] == ["new"]
    assert ProcessKeys.objects.count() == 1


def test_every_table_of_what_is_transient_is_swept():
    ours = {
        model._meta.label
        for model in first_party_models()
        if {field.holding[2] for field in fields_of(model) if hasattr(field, "holding")}
        == {Retention.TRANSIENT}
    }
    borrowed = {
        model._meta.label
        for model in borrowed_models()
        if BORROWED[model._meta.label].retention is Retention.TRANSIENT
    }
    # The queue empties itself, and the end of a try goes with the try.
    by_themselves = {"django_q.OrmQ", "axes.AccessAttemptExpiration"}

    swept = {rows.model._meta.label for rows in passing.rows_due(NOW)}

    assert ours | borrowed == swept | by_themselves


def test_cache_entries_that_are_over_go_and_the_workers_marks_stay():
    from django.core.cache import caches

    from config.marks import Mark, age, leave

    wall = datetime.now(UTC)
    caches["default"].set("tries", 3, timeout=60)
    leave(Mark.BEAT)

    retention.run(NOW, wall=wall + DAY)

    assert caches["default"].get("tries") is None
    assert age(Mark.BEAT, datetime.now(UTC)) is not None


# --- The job itself ---------------------------------------------------------------------------------------------------


def test_one_person_who_cannot_be_erased_stops_nobody_else(closed, team, enumerator, study, monkeypatch):
    studies.reopen_study(study=study, by=make_user(Role.COORDINATOR, team=team), now=NOW)
    people = [make_respondent(study=study, team=team, by=enumerator) for _n in range(2)]
    studies.close_study(study=study, by=make_user(Role.COORDINATOR, team=team), now=CLOSED)
    bad, erase = min(person.pk for person in people), erasing.erase

    def failing(*, respondent, **rest):
        if respondent.pk == bad:
            raise ValueError("a fault")
        return erase(respondent=respondent, **rest)

    monkeypatch.setattr(erasing, "erase", failing)
    items = {item.name: item for item in retention.run(DUE, wall=DUE)}

    assert (items["people_of_ended_studies"].done, items["people_of_ended_studies"].failed) == (2, 1)
    assert Respondent.objects.get(pk=bad).status == Status.ACTIVE


def test_a_pass_without_time_does_nothing_and_the_next_one_goes_on(closed, respondent):
    assert sum(item.done for item in retention.run(DUE, wall=DUE, work_seconds=0)) == 0

    assert work(DUE)["people_of_ended_studies"] == 1


@pytest.mark.parametrize("step", ["close_follow_ups", "shred", "main"])
def test_a_pass_that_is_killed_at_any_step_is_finished_by_the_next(closed, respondent, monkeypatch, step):
    class Killed(BaseException):
        pass

    def die(*args, **rest):
        raise Killed

    with monkeypatch.context() as patched:
        if step == "close_follow_ups":
            patched.setattr(erasing, "erase", die)
        elif step == "shred":
            patched.setattr(erasing, "_destroy_sealed", die)
        else:
            patched.setattr(erasing, "_leave_trace", die)
        with pytest.raises(Killed):
            work(DUE)

    assert work(DUE)["people_of_ended_studies"] == 1
    assert not is_reachable(respondent)
    assert Respondent.objects.get(pk=respondent.pk).status == Status.ERASED


def test_what_the_job_has_missed_for_two_days_is_overdue(closed, respondent):
    def overdue(now):
        return {item.name: item.overdue for item in retention.due(now, wall=now)}["people_of_ended_studies"]

    assert (overdue(DUE + DAY), overdue(DUE + 2 * DAY)) == (0, 1)
    work(DUE + 2 * DAY)
    assert overdue(DUE + 3 * DAY) == 0


def test_a_dry_run_says_what_is_due_as_one_json_document_and_touches_nothing(
    closed, respondent, capsys, monkeypatch
):
    from kernel import clock

    monkeypatch.setattr(clock, "now", lambda: DUE)

    call_command("retention", "--dry-run", "--json")

    told = json.loads(capsys.readouterr().out)
    assert {item["name"]: item["due"] for item in told["items"]}["people_of_ended_studies"] == 1
    assert told["dry_run"] is True
    assert is_reachable(respondent)


def test_a_study_is_announced_thirty_days_before_and_not_earlier(closed):
    def told(now):
        return [term.code for term in panels.panels_due_soon(now)]

    assert told(DUE - 31 * DAY) == []
    assert told(DUE - 30 * DAY) == told(DUE - DAY) == [closed.code]
    assert told(DUE) == []


# --- No single slip takes a panel away --------------------------------------------------------------------------------


def test_a_round_typed_into_a_past_year_takes_nobody_away_for_a_month(team, coordinator, enumerator):
    study = make_study(team=team, by=coordinator, kind=StudyKind.CALENDAR, plan=True)
    person = make_respondent(study=study, team=team, by=enumerator)
    slip = NOW + 60 * DAY
    typed = {"opens_on": date(2024, 6, 1), "closes_on": date(2024, 7, 1)}
    studies.set_round(study=study, number=1, by=coordinator, now=slip, **typed)

    assert work(slip + timedelta(minutes=5))["people_of_ended_studies"] == 0
    assert [term.due_at for term in panels.panels_due_soon(slip)] == [slip + 30 * DAY]
    assert work(slip + 30 * DAY - timedelta(seconds=1))["people_of_ended_studies"] == 0
    assert is_reachable(person)
    assert work(slip + 30 * DAY)["people_of_ended_studies"] == 1


def test_fewer_days_typed_for_a_panel_that_is_over_take_nobody_away_for_a_month(
    team, coordinator, enumerator
):
    study = make_study(
        team=team, by=coordinator, kind=StudyKind.CALENDAR, plan=True, contact_retention_days=730
    )
    person = make_respondent(study=study, team=team, by=enumerator)
    give = {"study": study, "by": coordinator}
    studies.set_round(number=1, opens_on=date(2026, 4, 1), closes_on=date(2026, 5, 1), now=NOW, **give)
    slip = at(2026, 12, 1)
    fewer = replace(studies.details_of(study), contact_retention_days=30)
    studies.change_study(details=fewer, now=slip, **give)

    assert work(slip + timedelta(minutes=5))["people_of_ended_studies"] == 0
    assert [term.due_at for term in panels.panels_due_soon(slip)] == [slip + 30 * DAY]
    assert is_reachable(person)
    assert work(slip + 30 * DAY)["people_of_ended_studies"] == 1


def test_whoever_is_enrolled_in_a_study_that_was_over_long_ago_is_not_gone_the_same_day(
    team, coordinator, enumerator
):
    study = make_study(team=team, by=coordinator, kind=StudyKind.CALENDAR, plan=True)
    first = make_respondent(study=study, team=team, by=enumerator)
    give = {"study": study, "by": coordinator, "now": NOW}
    studies.set_round(number=1, opens_on=date(2025, 4, 1), closes_on=date(2025, 5, 1), **give)
    late = NOW + 100 * DAY
    person = make_respondent(study=study, team=team, by=enumerator, now=late)

    assert work(late + timedelta(minutes=5))["people_of_ended_studies"] == 1
    assert is_reachable(person)
    assert not is_reachable(first)
    assert work(late + 30 * DAY)["people_of_ended_studies"] == 1


def test_whoever_is_in_no_study_goes_half_a_year_after_they_came_and_not_before(respondent):
    FollowUp.objects.filter(enrolment__respondent=respondent).delete()
    Enrolment.objects.filter(respondent=respondent).delete()

    assert work(NOW + 179 * DAY)["people_of_ended_studies"] == 0
    assert is_reachable(respondent)
    assert work(NOW + 181 * DAY)["people_of_ended_studies"] == 1
    assert not is_reachable(respondent)
