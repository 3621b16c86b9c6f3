"""Keys that come back after a machine is lost: sealed to people outside, copied away, acknowledged, opened again."""

import hashlib
import json
import logging
import pickle
import shutil
import subprocess
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core import checks
from django.core.management import CommandError, call_command

from audit.actions import Action
from audit.models import AuditEvent
from kernel.errors import DomainError
from tests.vault.conftest import NOON
from tests.vault.typing_in import GOOD, OTHER, descriptor
from vault import contents, offline, recovery
from vault.contents import Contents
from vault.offline import PrivateKey, PublicKey
from vault.providers import file, keyring
from vault.recovery import files

pytestmark = pytest.mark.either

DPO, HQ, STRANGER = offline.fresh(), offline.fresh(), offline.fresh()


@pytest.fixture
def held(settings, tmp_path, db) -> Contents:
    """What the key file holds, with two people to seal it to."""
    keys = tmp_path / "recovery.pub"
    keys.write_text(f"# DPO\n{DPO.public.line} the DPO\n\n{HQ.public.line} headquarters\n")
    keys.chmod(0o644)
    settings.VAULT_RECOVERY_KEYS = str(keys)
    settings.VAULT_RECOVERY_DIR = str(tmp_path / "recovery")
    return file.contents()


def blob_of(private: PrivateKey) -> bytes:
    return (recovery.folder() / f"recovery-{private.public.fingerprint.hex()}.blob").read_bytes()


def found():
    return {message.id for message in checks.run_checks(tags=["vault"])}


# --- Blobs ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def blob() -> bytes:
    return offline.seal(b"the keys", DPO.public, now=NOON)


def test_a_blob_opens_with_its_own_key_and_says_when_it_was_written(blob):
    recovered = offline.open_blob(blob, DPO)

    assert (recovered.content, recovered.written) == (b"the keys", NOON)


def test_a_blob_to_somebody_else_does_not_open_and_names_whose_key_it_takes(blob):
    with pytest.raises(DomainError) as refusal:
        offline.open_blob(blob, HQ)

    assert refusal.value.code == "recovery_other_key"
    assert offline.grouped(DPO.public.fingerprint) in str(refusal.value)


def test_every_single_bit_flipped_in_a_blob_is_refused(blob):
    survived = []
    for place in range(len(blob) * 8):
        altered = bytearray(blob)
        altered[place // 8] ^= 1 << place % 8
        try:
            offline.open_blob(bytes(altered), DPO)
            survived.append(place)
        except DomainError:
            continue

    assert survived == []


def test_a_blob_relabelled_for_another_key_opens_for_nobody(blob):
    relabelled = blob[:4] + HQ.public.fingerprint + blob[14:]

    for private in (DPO, HQ):
        with pytest.raises(DomainError):
            offline.open_blob(relabelled, private)


@pytest.mark.parametrize("length", [0, 4, 22, 23, 54, -1])
def test_a_truncated_blob_is_refused(length, blob):
    with pytest.raises(DomainError):
        offline.open_blob(blob[:length], DPO)


@pytest.mark.parametrize(
    "line",
    ["", "recontact-recovery-1", "recontact-recovery-1 AAAA", "ssh-ed25519 " + DPO.public.line.split()[1],
     "recontact-recovery-1 " + "A" * 43 + "="],
    ids=["nothing", "no key", "too short", "another kind", "a point that is none"],
)  # fmt: skip
def test_a_line_that_is_no_public_key_is_refused(line):
    if not line:
        assert offline.parse(line) == []
        return
    with pytest.raises(DomainError) as refusal:
        offline.parse(line)

    assert refusal.value.code == "recovery_keys_unfit"


def test_a_public_key_is_read_as_it_was_printed():
    assert offline.parse(PublicKey(DPO.public.raw, "the DPO").line) == [PublicKey(DPO.public.raw, "the DPO")]


def test_a_private_key_prints_and_pickles_nothing():
    assert repr(DPO) == str(DPO) == "<recovery private key>"
    with pytest.raises(TypeError):
        pickle.dumps(DPO)


# --- Writing ----------------------------------------------------------------------------------------------------------


def test_the_keys_are_sealed_to_each_person_and_only_they_can_open_them(held):
    recovery.write(held, NOON)

    for private in (DPO, HQ):
        assert recovery.opened_by(private) == (held, NOON)
    with pytest.raises(DomainError):
        recovery.opened_by(STRANGER)
    kept = b"".join(path.read_bytes() for path in recovery.folder().iterdir())
    assert all(key not in kept and key.hex().encode() not in kept for key in held.keks.values())


def test_changed_keys_take_the_place_of_the_former_and_of_people_who_have_left(held, settings, tmp_path):
    recovery.write(held, NOON)
    former = blob_of(DPO)
    (tmp_path / "recovery.pub").write_text(f"{DPO.public.line}\n{STRANGER.public.line}\n")

    recovery.write(contents.with_index_key(held), NOON)

    assert blob_of(DPO) != former
    assert len(list(recovery.folder().glob("*.blob"))) == 2
    with pytest.raises(DomainError):
        recovery.opened_by(HQ)


def test_the_same_keys_are_not_sealed_twice_so_that_an_answer_on_its_way_still_fits(held):
    first = recovery.write(held, NOON)
    before = blob_of(HQ)

    assert recovery.write(held, NOON) == first
    assert blob_of(HQ) == before


def test_files_that_were_spoilt_are_written_again(held):
    recovery.write(held, NOON)
    spoilt = recovery.folder() / f"recovery-{HQ.public.fingerprint.hex()}.blob"
    spoilt.chmod(0o600)
    spoilt.write_bytes(b"")

    recovery.write(held, NOON)

    assert recovery.opened_by(HQ)[0] == held


def test_a_swapped_pair_of_files_opens_for_nobody_and_is_noticed(held):
    recovery.write(held, NOON)
    one, two = sorted(recovery.folder().glob("*.blob"))
    aside = one.with_name("aside")
    one.rename(aside)
    two.rename(one)
    aside.rename(two)

    assert not recovery.is_intact()
    for private in (DPO, HQ):
        with pytest.raises(DomainError):
            recovery.opened_by(private)


def test_writing_and_acknowledging_are_in_the_trail_and_hold_no_key(held, caplog):
    caplog.set_level(logging.DEBUG)
    written = recovery.write(held, NOON)
    recovery.acknowledge(written.digest.hex(), now=NOON)

    events = list(AuditEvent.objects.order_by("id"))

    assert [event.action for event in events] == [Action.RECOVERY_WRITTEN, Action.RECOVERY_ACKNOWLEDGED]
    told = json.dumps([event.detail for event in events]) + caplog.text
    assert contents.shown(held.current) in told
    assert all(key.hex()[:12] not in told for key in held.keks.values())


# --- Acknowledging ----------------------------------------------------------------------------------------------------


def test_exactly_the_keys_that_were_written_and_acknowledged_are_safe_outside(held):
    written = recovery.write(held, NOON)
    assert not recovery.acknowledged(held)

    recovery.acknowledge(written.digest.hex(), now=NOON)

    assert recovery.acknowledged(held)
    assert not recovery.acknowledged(contents.with_index_key(held))


def test_the_digest_is_what_the_usual_tools_say_of_the_copy(held, tmp_path):
    written = recovery.write(held, NOON)
    checked = subprocess.run(
        ["sha256sum", "-c", "recovery.sha256"], cwd=recovery.folder(), capture_output=True, check=False
    )
    read_out = subprocess.run(
        ["sha256sum", "recovery.sha256"], cwd=recovery.folder(), capture_output=True, text=True, check=True
    ).stdout

    assert checked.returncode == 0
    assert read_out.startswith(written.digest.hex())
    recovery.acknowledge(read_out.split()[0], now=NOON)
    assert recovery.acknowledged(held)


@pytest.mark.parametrize("digest", ["", "0000 0000 0000 0000", "not a digest"])
def test_another_digest_acknowledges_nothing(digest, held):
    recovery.write(held, NOON)

    with pytest.raises(DomainError):
        recovery.acknowledge(digest, now=NOON)

    assert not recovery.acknowledged(held)


def test_the_digest_of_a_former_set_acknowledges_nothing(held):
    former = recovery.write(held, NOON)
    later = contents.with_index_key(held)
    recovery.write(later, NOON)

    with pytest.raises(DomainError):
        recovery.acknowledge(former.digest.hex(), now=NOON)

    assert not recovery.acknowledged(later)


@pytest.fixture
def mounted(settings):
    """A folder of another file system, as a folder of another machine is."""
    memory = Path("/dev/shm")  # noqa: S108
    if not memory.is_dir() or memory.stat().st_dev == Path(settings.BASE_DIR).stat().st_dev:
        pytest.skip("there is no second file system on this machine")
    folder = memory / f"recontact-test-{uuid4()}"
    folder.mkdir()
    settings.VAULT_RECOVERY_ACKNOWLEDGE = "automatic"
    settings.VAULT_RECOVERY_DIR = str(folder)
    yield folder
    shutil.rmtree(folder)


def test_a_folder_of_another_machine_that_is_not_mounted_acknowledges_nothing(held, settings):
    settings.VAULT_RECOVERY_ACKNOWLEDGE = "automatic"

    recovery.write(held, NOON)

    assert recovery.is_intact()
    assert not recovery.acknowledged(held)
    assert found() == {"vault.W005"}


def test_a_folder_that_cannot_be_written_is_refused_with_a_sentence(held, settings, key_file):
    settings.VAULT_RECOVERY_DIR = str(key_file / "no folder")

    with pytest.raises(DomainError) as refusal:
        recovery.write(held, NOON)

    assert refusal.value.code == "recovery_not_written"


def test_what_can_be_read_back_from_another_machine_needs_nobody_to_say_so(held, mounted):
    assert found() == set()
    recovery.write(held, NOON)
    assert recovery.acknowledged(held)

    (recovery.folder() / f"recovery-{HQ.public.fingerprint.hex()}.blob").unlink()
    assert not recovery.acknowledged(held)


def test_a_set_that_was_begun_and_not_finished_is_acknowledged_by_nobody(held, mounted, monkeypatch):
    recovery.write(held, NOON)
    later = contents.with_index_key(held)

    def crash(listed: bytes) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(files, "_digest", crash)
        with pytest.raises(KeyboardInterrupt):
            recovery.write(later, NOON)

    assert not recovery.acknowledged(later)
    assert not recovery.acknowledged(held)


@pytest.mark.parametrize("broken_off_at", [1, 2, 3, 4])
def test_whenever_the_machine_dies_each_person_can_open_some_whole_file(broken_off_at, held, monkeypatch):
    recovery.write(held, NOON)
    later, calls = contents.with_index_key(held), []
    replace = files.private_files.replace

    def dies(target, content):
        calls.append(target)
        if len(calls) == broken_off_at:
            raise KeyboardInterrupt
        replace(target, content)

    with monkeypatch.context() as patched:
        patched.setattr(files.private_files, "replace", dies)
        with pytest.raises(KeyboardInterrupt):
            recovery.write(later, NOON)

    assert {recovery.opened_by(private)[0].index_key_id for private in (DPO, HQ)} <= {1, 2}
    assert recovery.written() is None
    recovery.write(later, NOON)
    assert recovery.opened_by(HQ)[0] == later


def test_rotation_goes_on_without_recovery_keys_and_waits_where_there_are_some(held, settings):
    assert not recovery.may_go_on(held)

    settings.VAULT_RECOVERY_KEYS = ""
    assert recovery.may_go_on(held)
    assert not recovery.acknowledged(held)


def test_recovery_keys_that_have_gone_acknowledge_nothing(held, settings, tmp_path):
    recovery.acknowledge(recovery.write(held, NOON).digest.hex(), now=NOON)

    (tmp_path / "recovery.pub").unlink()

    assert not recovery.acknowledged(held)
    assert not recovery.may_go_on(held)


# --- Who the keys are sealed to ---------------------------------------------------------------------------------------


def test_fewer_than_two_people_are_refused_and_the_same_person_twice_is_one(held, tmp_path):
    (tmp_path / "recovery.pub").write_text(f"{DPO.public.line}\n{DPO.public.line} again\n")

    with pytest.raises(DomainError):
        recovery.write(held, NOON)

    assert found() == {"vault.E014"}


def test_recovery_keys_that_others_could_add_to_are_refused(held, tmp_path):
    (tmp_path / "recovery.pub").chmod(0o666)

    with pytest.raises(DomainError):
        recovery.write(held, NOON)

    assert found() == {"vault.E014"}


def test_recovery_keys_may_be_files_in_a_folder(held, settings, tmp_path):
    folder = tmp_path / "people"
    folder.mkdir(mode=0o755)
    for name, private in (("dpo.pub", DPO), ("hq.pub", HQ)):
        (folder / name).write_text(private.public.line)
        (folder / name).chmod(0o644)
    settings.VAULT_RECOVERY_KEYS = str(folder)

    recovery.write(held, NOON)

    assert recovery.opened_by(HQ)[0] == held
    assert found() == set()


def test_without_recovery_keys_nothing_is_written_and_a_sentence_says_what_to_set(key_file, db):
    with pytest.raises(CommandError, match="VAULT_RECOVERY_KEYS") as refusal:
        call_command("vault_recovery_write", stdout=StringIO())

    assert refusal.value.returncode == 1
    assert not recovery.folder().exists()


# --- Commands ---------------------------------------------------------------------------------------------------------


def made_key(target) -> str:
    said = StringIO()
    call_command(
        "vault_recovery_keypair", "--out", str(target), "--label", "DPO", "--passphrase-fd", descriptor(GOOD),
        stdout=said, stderr=StringIO(),
    )  # fmt: skip
    return said.getvalue().strip()


def test_a_machine_is_lost_and_its_keys_come_back_from_the_copy(settings, tmp_path, db, key_file):
    line = made_key(tmp_path / "dpo" / "private.key")
    keys = tmp_path / "recovery.pub"
    keys.write_text(f"{line}\n{HQ.public.line}\n")
    keys.chmod(0o600)
    settings.VAULT_RECOVERY_KEYS = str(keys)
    before = file.contents()
    said = StringIO()
    call_command("vault_recovery_write", stdout=said)
    digest = said.getvalue().split("Digest: ")[1].splitlines()[0]
    call_command("vault_recovery_acknowledge", *digest.split(), stdout=StringIO())
    assert recovery.acknowledged(before)
    mine = offline.parse(line)[0].fingerprint.hex()
    blob = recovery.folder() / f"recovery-{mine}.blob"
    opened = [
        "--blob", str(blob), "--private-key", str(tmp_path / "dpo" / "private.key"), "--out", str(key_file)
    ]  # fmt: skip

    with pytest.raises(CommandError, match="already"):
        call_command("vault_recovery_open", *opened, "--passphrase-fd", descriptor(GOOD), stdout=StringIO())
    file.destroy()
    call_command("vault_recovery_open", *opened, "--passphrase-fd", descriptor(GOOD), stdout=said)
    file.unlock()

    assert keyring().kek_ids == frozenset(before.keks)
    assert file.contents() == before
    assert key_file.stat().st_mode & 0o777 == 0o400
    assert "The keys as they were at" in said.getvalue()


def test_a_wrong_passphrase_opens_no_recovery_file(held, tmp_path):
    made_key(tmp_path / "dpo" / "private.key")
    recovery.write(held, NOON)
    blob = next(recovery.folder().glob("*.blob"))

    with pytest.raises(CommandError, match="another one"):
        call_command(
            "vault_recovery_open", "--blob", str(blob), "--private-key", str(tmp_path / "dpo" / "private.key"),
            "--out", str(tmp_path / "out" / "keys.json"), "--passphrase-fd", descriptor(OTHER),
        )  # fmt: skip

    assert not (tmp_path / "out").exists()


def test_a_private_key_is_sealed_private_and_never_overwritten(tmp_path):
    target = tmp_path / "dpo" / "private.key"
    line = made_key(target)
    before = target.read_bytes()

    with pytest.raises(CommandError, match="already"):
        made_key(target)

    assert target.read_bytes() == before
    assert target.stat().st_mode & 0o777 == 0o400
    assert offline.parse(line)[0].raw not in before


def test_a_digest_that_is_missing_is_wrong_usage():
    with pytest.raises(CommandError):
        call_command("vault_recovery_acknowledge")


def test_the_code_that_stands_for_the_keys_in_the_open_state_is_keyed(held):
    recovery.write(held, NOON)

    state = json.loads((recovery.folder() / "state.json").read_text())

    assert state["contents"] != hashlib.sha256(held.to_json()).hexdigest()
