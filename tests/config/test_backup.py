"""A backup goes round: made, verified, put back; never with a key, never half, and nobody erased comes back."""

import json
import stat
from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command

from audit import anchors
from audit.actions import Action
from audit.models import AuditEvent
from casework.erasing import erase
from casework.receipts import Grade
from casework.trail_upkeep import audit_mac
from config.backups import engines, manifest, restoring
from config.backups.making import backup
from config.backups.restoring import restore
from config.marks import Mark, leave
from consent.models import LedgerEntry
from kernel import clock
from kernel.errors import DomainError
from tests.conftest import guards_off
from tests.factories import NOW, make_respondent, make_study, make_team, make_user
from tracker.models import ContactPoint, Respondent
from tracker.models.respondents import Status
from vault import lines
from vault.errors import Shredded
from vault.models import PhoneBucket, SubjectKey
from vault.providers import file

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(days=40)


@pytest.fixture
def people():
    team = make_team()
    study = make_study(team=team)
    by = make_user(team=team)
    return [make_respondent(study=study, team=team, by=by) for _n in range(3)]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backup"


def put_back(folder, into="both", force=True, unproven=False):
    return restore(
        folder=folder,
        into=into,
        now=LATER,
        wall=clock.wall(),
        force_empty_first=force,
        take_unproven=unproven,
    )


def rewritten(folder, name, **changes):
    """A manifest changed and proven again, as one who made it so would have it."""
    told = folder / name / manifest.NAME
    changed = replace(manifest.read(folder / name), **changes)
    told.write_text(json.dumps(asdict(manifest.proven(changed, audit_mac()))))


def opens(person):
    """Whether the number of somebody can be opened: whoever shares it includes them."""
    point = ContactPoint.objects.get(respondent=person)
    return point.pk in lines.sharing(point.value)


def refusal(call, *args, **rest):
    with pytest.raises(DomainError) as refused:
        call(*args, **rest)
    return refused.value.code


def held():
    return {
        model.__name__: sorted(map(str, model.objects.values_list("pk", flat=True)))
        for model in (Respondent, ContactPoint, LedgerEntry, PhoneBucket)
    }


def test_both_databases_go_round(people, folder):
    before = held()
    backup(folder=folder, now=NOW)
    erase(respondent=people[0], grade=Grade.ERASE_ALL, by=None, now=NOW)
    make_team("EXTRA")

    done = put_back(folder)

    assert done.is_well
    assert held() == before
    assert all(opens(person) for person in Respondent.objects.all())
    assert (done.keys_are_there, done.erased_again.without_key) == (True, 0)


def test_files_are_private_and_the_manifest_tells_digest_rows_and_keys(people, folder):
    made = {one.database: one for one in backup(folder=folder, now=NOW)}

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("main", "vault"):
        inside = folder / name
        assert stat.S_IMODE(inside.stat().st_mode) == 0o700
        assert {stat.S_IMODE(one.stat().st_mode) for one in inside.iterdir()} == {0o600}
        assert len(list(inside.iterdir())) == 2
        assert made[name].sha256 == manifest.digest(inside / made[name].file)
    assert made["main"].rows["tracker_respondent"] == 3
    assert made["vault"].rows["vault_subjectkey"] == 3
    keks = {bytes(one).hex() for one in SubjectKey.objects.values_list("kek_id", flat=True)}
    assert (set(made["vault"].kek_ids), made["main"].kek_ids) == (keks, [])
    assert "tracker.0001_studies_and_respondents" in made["main"].migrations
    assert made["main"].pair == made["vault"].pair


def test_no_key_and_no_number_is_in_a_backup(folder):
    from vault.providers import provider

    team = make_team()
    make_respondent(study=make_study(team=team), team=team, numbers=("+441632960777",))
    backup(folder=folder, now=NOW)

    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())

    contents = provider().contents()
    for key in (*contents.keks.values(), *contents.index.values(), contents.audit, contents.case):
        assert key not in everything
    assert b"1632960777" not in everything


@pytest.mark.parametrize("where", ["keys", "beside", "above"])
def test_a_folder_with_keys_or_beside_them_is_refused(settings, tmp_path, where):
    kept = tmp_path / "safe" / "keys"
    kept.mkdir(parents=True)
    settings.VAULT_KEY_FILE = str(kept / "vault-keys.json")
    folder = {"keys": kept, "beside": kept / "backup", "above": tmp_path / "safe"}[where]

    assert refusal(backup, folder=folder, now=NOW) == "backup_beside_keys"
    assert list(kept.iterdir()) == []


def test_nothing_is_ever_written_over(people, folder):
    backup(folder=folder, now=NOW)

    assert refusal(backup, folder=folder, now=NOW) == "backup_folder"


@pytest.mark.parametrize("name", ["main", "vault"])
@pytest.mark.parametrize("harm", ["flip", "cut", "gone", "no manifest", "lying manifest"])
def test_a_copy_that_is_not_the_one_made_is_refused_and_nothing_is_touched(people, folder, name, harm):
    made = {one.database: one for one in backup(folder=folder, now=NOW)}
    before = held()
    data, told = folder / name / made[name].file, folder / name / manifest.NAME
    content = data.read_bytes()
    if harm == "flip":
        data.write_bytes(content[:5000] + bytes([content[5000] ^ 1]) + content[5001:])
    elif harm == "cut":
        data.write_bytes(content[:-1])
    elif harm == "gone":
        data.unlink()
    elif harm == "no manifest":
        told.unlink()
    else:
        told.write_text(told.read_text().replace(made[name].sha256, "0" * 64))

    assert refusal(put_back, folder) in ("backup_damaged", "backup_unreadable")
    assert held() == before


def test_a_manifest_that_names_a_file_elsewhere_is_refused(people, folder):
    backup(folder=folder, now=NOW)
    rewritten(folder, "main", file="../../elsewhere")

    assert refusal(put_back, folder) == "backup_unreadable"


@pytest.mark.parametrize("proof", ["", "00" * 32])
def test_a_copy_that_somebody_exchanged_with_its_manifest_is_refused(people, folder, proof):
    backup(folder=folder, now=NOW)
    data, told = folder / "main" / "data.sqlite3", folder / "main" / manifest.NAME
    data = data if data.exists() else folder / "main" / "data.dump"
    data.write_bytes(data.read_bytes() + b"more")
    forged = {"bytes": data.stat().st_size, "sha256": manifest.digest(data), "proof": proof}
    told.write_text(json.dumps({**json.loads(told.read_text()), **forged}))
    before = held()

    assert refusal(put_back, folder) == "backup_unproven"
    assert held() == before


def test_a_copy_made_while_the_vault_was_locked_is_taken_by_whoever_says_so(people, folder, vault_locked):
    before = held()
    vault_locked()
    backup(folder=folder, now=NOW)
    file.unlock()

    assert refusal(put_back, folder) == "backup_unproven"
    assert put_back(folder, unproven=True).is_well
    assert held() == before


def test_copies_that_were_not_made_together_are_refused(people, folder, tmp_path):
    backup(folder=folder, now=NOW)
    backup(folder=tmp_path / "other", now=NOW)
    (folder / "vault").rename(tmp_path / "aside")
    (tmp_path / "other" / "vault").rename(folder / "vault")

    assert refusal(put_back, folder) == "backup_other_pair"


def test_a_copy_of_a_newer_version_is_refused(people, folder):
    backup(folder=folder, now=NOW)
    rewritten(folder, "main", migrations=["tracker.9999_of_a_later_day"])

    assert refusal(put_back, folder) == "backup_newer"


def test_data_is_never_written_over_without_being_told_to(people, folder):
    backup(folder=folder, now=NOW)
    before = held()

    assert refusal(put_back, folder, force=False) == "restore_not_empty"
    assert held() == before


def test_empty_databases_need_no_force(people, folder):
    before = held()
    backup(folder=folder, now=NOW)
    for alias in ("default", "vault"):
        engines.empty(alias)

    assert put_back(folder, force=False).is_well
    assert held() == before


def test_nothing_is_put_back_under_a_running_worker(people, folder):
    backup(folder=folder, now=NOW)
    leave(Mark.BEAT)

    assert refusal(put_back, folder) == "restore_while_running"


def test_when_the_second_database_fails_the_first_is_as_it_was(people, folder, monkeypatch):
    backup(folder=folder, now=NOW)
    erase(respondent=people[0], grade=Grade.ERASE_ALL, by=None, now=NOW)
    before, put = held(), engines.put

    def failing(alias, source):
        if alias == "default" and source.is_relative_to(folder):
            raise OSError("the disk is full")
        put(alias, source)

    monkeypatch.setattr(restoring.engines, "put", failing)

    assert refusal(put_back, folder) == "restore_failed"
    assert held() == before
    assert not SubjectKey.objects.filter(subject=people[0].pk).exists()


def test_what_was_there_before_a_restore_is_overwritten_when_it_is_not_needed_any_more(
    people, folder, tmp_path, monkeypatch
):
    backup(folder=folder, now=NOW)
    monkeypatch.setattr(restoring.tempfile, "tempdir", str(tmp_path))
    copy, kept = engines.copy, []

    def copying(alias, target):
        counts = copy(alias, target)
        kept.append(tmp_path / f"the same bytes of {alias}")
        kept[-1].hardlink_to(target)
        return counts

    monkeypatch.setattr(restoring.engines, "copy", copying)

    put_back(folder)

    assert len(kept) == 2
    assert [path.read_bytes().strip(b"\0") for path in kept] == [b"", b""]
    assert list(tmp_path.glob("recontact-before-*")) == []


def test_the_guards_of_what_only_grows_are_there_after_a_restore(people, folder):
    backup(folder=folder, now=NOW)
    put_back(folder)

    with pytest.raises(Exception, match="append-only|permission denied"):
        AuditEvent.objects.filter(action=Action.RESPONDENT_ENROLLED).delete()


def test_the_anchor_in_the_manifest_is_the_newest_seal_and_can_be_read_from_it(people, folder):
    backup(folder=folder, now=LATER)

    kept = anchors.read((folder / "main" / manifest.NAME).read_text())

    assert kept == anchors.latest()
    assert kept.seal is not None


def test_a_copy_whose_trail_was_changed_before_it_was_made_is_told(people, folder):
    backup(folder=folder.with_name("first"), now=LATER)
    with guards_off():
        AuditEvent.objects.filter(action=Action.RESPONDENT_ENROLLED).update(reason="changed")
    backup(folder=folder, now=LATER)

    done = put_back(folder)

    assert (done.is_trail_untouched, done.is_well) == (False, False)


def test_the_sessions_of_back_then_are_over(people, folder):
    Session.objects.create(session_key="old", session_data="x", expire_date=LATER + timedelta(days=1))
    backup(folder=folder, now=NOW)

    put_back(folder)

    assert not Session.objects.exists()


# --- Beside the vault of today ----------------------------------------------------------------------------------------


def test_an_old_main_copy_opens_beside_the_vault_of_today_and_whoever_was_erased_stays_erased(people, folder):
    gone, stayed = people[0], people[1]
    token = ContactPoint.objects.get(respondent=gone).value
    backup(folder=folder, now=NOW)
    erase(respondent=gone, grade=Grade.ERASE_ALL, by=None, now=NOW + timedelta(days=1))

    done = put_back(folder, into="main")

    assert done.is_well
    assert done.erased_again.without_key == 1
    assert opens(stayed)
    gone.refresh_from_db()
    assert (gone.status, gone.audit_ref, gone.language) == (Status.ERASED, None, "")
    assert not ContactPoint.objects.filter(respondent=gone).exists()
    with pytest.raises(Shredded):
        lines.sharing(token)


def test_beside_the_vault_of_another_panel_nobody_is_taken_for_erased(folder):
    team = make_team()
    study = make_study(team=team)
    by = make_user(team=team)
    everybody = [make_respondent(study=study, team=team, by=by) for _n in range(21)]
    backup(folder=folder, now=NOW)
    SubjectKey.objects.all().delete()

    done = put_back(folder, into="main")

    assert (done.is_well, done.erased_again.without_key, done.erased_again.is_done) == (False, 21, False)
    assert Respondent.objects.filter(status=Status.ACTIVE).count() == len(everybody)


def test_a_vault_copy_from_before_a_change_of_keys_is_refused_with_the_reason(people, folder):
    backup(folder=folder, now=NOW)
    rewritten(folder, "vault", kek_ids=["00" * 8])
    before = held()

    assert refusal(put_back, folder) == "backup_needs_keys"
    assert held() == before
    assert put_back(folder, into="main").is_well


def test_with_the_vault_locked_it_is_put_back_and_says_that_nobody_can_tell(people, folder, vault_locked):
    backup(folder=folder, now=NOW)
    vault_locked()

    done = put_back(folder)

    assert (done.keys_are_there, done.is_well) == (None, False)


# --- The commands -----------------------------------------------------------------------------------------------------


def test_the_commands_go_round_and_speak_json(people, folder, capsys):
    before = held()
    call_command("backup", str(folder), "--json")
    made = json.loads(capsys.readouterr().out)["manifests"]
    assert [one["database"] for one in made] == ["main", "vault"]

    call_command("restore", str(folder), "--into", "both", "--force-empty-first", "--json")

    assert json.loads(capsys.readouterr().out)["is_well"] is True
    assert held() == before
    assert AuditEvent.objects.filter(action=Action.RESTORED).exists()


def test_a_refusal_is_a_sentence_and_leaves_with_one(people, folder, capsys):
    call_command("backup", str(folder))
    capsys.readouterr()

    with pytest.raises(SystemExit) as left:
        call_command("restore", str(folder), "--into", "both")

    assert left.value.code == 1
    assert "There is data in the vault database." in capsys.readouterr().err


def test_a_backup_is_in_the_trail(people, folder):
    backup(folder=folder, now=NOW)

    told = AuditEvent.objects.get(action=Action.BACKED_UP)
    assert (told.actor_id, told.detail["what"]) == (None, "backup")
