"""The key file under attack: exchanged, linked, cut off, replaced while others read it; and processes that forked."""

import logging
import multiprocessing
import os
import threading
import time

import pytest

from kernel.errors import DomainError
from vault import contents, providers
from vault.contents import Contents
from vault.errors import Locked, VaultError
from vault.providers import file, keyring, loading, private_files

pytestmark = pytest.mark.either


def grown() -> Contents:
    return contents.with_kek(file.contents(), bytes(range(32)))


def mode(path) -> int:
    return path.stat().st_mode & 0o777


# --- Replacing --------------------------------------------------------------------------------------------------------


def test_replaced_keys_are_seen_at_once_in_this_process_and_the_file_stays_private(key_file):
    new = grown()

    file.replace(new)

    assert keyring().kek_ids == frozenset(new.keks)
    assert file.contents() == new
    assert mode(key_file) == 0o400
    assert list(key_file.parent.iterdir()) == [key_file]


def test_a_file_that_cannot_be_replaced_leaves_the_former_one_whole(key_file, monkeypatch):
    before, new = key_file.read_bytes(), grown()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DomainError) as refusal:
        file.replace(new)

    assert refusal.value.code == "keys_not_written"
    assert key_file.read_bytes() == before
    assert list(key_file.parent.iterdir()) == [key_file]


def test_what_a_replaced_file_held_is_overwritten_on_the_disk(key_file, tmp_path):
    new = grown()
    second_name = tmp_path / "second-name"
    os.link(key_file, second_name)

    file.replace(new)

    assert set(second_name.read_bytes()) == {0}


def test_what_an_interrupted_replacement_left_long_ago_is_overwritten_with_the_next_one(key_file, tmp_path):
    left_over, in_use = (key_file.with_name(f".vault.json.{n}.aabbccdd.new") for n in (17, 18))
    for path in (left_over, in_use):
        path.write_bytes(key_file.read_bytes())
    os.utime(left_over, (1, 1))
    second_name = tmp_path / "second-name"
    os.link(left_over, second_name)

    file.replace(grown())

    assert not left_over.exists()
    assert set(second_name.read_bytes()) == {0}
    assert in_use.exists()


def test_nothing_is_replaced_while_the_vault_is_locked(key_file):
    before, new = key_file.read_bytes(), grown()
    file.lock()

    with pytest.raises(Locked):
        file.replace(new)
    with pytest.raises(Locked):
        file.contents()

    assert key_file.read_bytes() == before


def test_a_reader_never_meets_half_a_file_while_it_is_replaced_over_and_over(key_file):
    one, two, stop = file.contents(), grown(), threading.Event()
    met: list[object] = []

    def read() -> None:
        while not stop.is_set():
            try:
                met.append(contents.from_json(private_files.read(key_file)[1]))
            except DomainError as refusal:
                met.append(refusal)

    reader = threading.Thread(target=read)
    reader.start()
    for _turn in range(40):
        private_files.replace(key_file, two.to_json())
        private_files.replace(key_file, one.to_json())
    stop.set()
    reader.join()

    assert [found for found in met if not isinstance(found, Contents)] == []
    assert len(met) > 10


# --- Other processes --------------------------------------------------------------------------------------------------


def in_a_child(function, *arguments):
    """What a forked process answers; it inherits all that was loaded."""
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(target=function, args=(there, *arguments))
    child.start()
    return child, here


def kek_ids_when_asked(pipe, fresh: bool) -> None:
    keyring()
    pipe.send("loaded")
    while pipe.poll(10) and pipe.recv() == "look":
        try:
            pipe.send(providers.keyring(fresh=fresh).kek_ids)
        except Locked:
            pipe.send("locked")


def test_another_process_has_new_keys_as_soon_as_it_looks_anew(key_file):
    child, pipe = in_a_child(kek_ids_when_asked, True)
    pipe.recv()
    new = grown()

    file.replace(new)
    pipe.send("look")
    seen = pipe.recv()
    pipe.send("end")
    child.join(10)

    assert seen == frozenset(new.keks)


def test_another_process_has_new_keys_within_its_recheck_time(key_file, monkeypatch):
    monkeypatch.setattr(loading, "RECHECK_SECONDS", 0.2)
    child, pipe = in_a_child(kek_ids_when_asked, False)
    pipe.recv()
    before, new = file.contents(), grown()

    file.replace(new)
    time.sleep(0.3)
    pipe.send("look")
    seen = pipe.recv()
    pipe.send("end")
    child.join(10)

    assert seen == frozenset(new.keks) != frozenset(before.keks)


def test_a_process_in_the_middle_of_its_work_is_locked_at_once(key_file):
    child, pipe = in_a_child(kek_ids_when_asked, False)
    pipe.recv()
    pipe.send("look")
    before = pipe.recv()

    file.lock()
    pipe.send("look")
    after = pipe.recv()
    pipe.send("end")
    child.join(10)

    assert (before, after) == (keyring_unlocked(), "locked")


def keyring_unlocked() -> frozenset[bytes]:
    file.unlock()
    return keyring().kek_ids


def who_loaded(pipe) -> None:
    keyring()
    pipe.send(loading._loaded["keys"].process)


def test_a_forked_process_reads_for_itself_and_does_not_go_on_with_what_its_parent_read(key_file):
    keyring()

    child, pipe = in_a_child(who_loaded)
    process = pipe.recv()
    child.join(10)

    assert process == child.pid != os.getpid()


def test_a_locked_process_lets_go_of_what_it_had_read(key_file):
    keyring()
    key_file.with_name("vault.json.locked").touch()

    with pytest.raises(Locked):
        keyring()

    assert loading._loaded == {}


# --- Exchanged and unfit ----------------------------------------------------------------------------------------------


def test_a_key_file_exchanged_for_a_link_is_not_followed(key_file, tmp_path):
    elsewhere = tmp_path / "elsewhere.json"
    private_files.create(tmp_path / "keys2" / "planted.json", contents.fresh().to_json())
    os.rename(tmp_path / "keys2" / "planted.json", elsewhere)
    keyring()
    key_file.unlink()
    key_file.symlink_to(elsewhere)

    with pytest.raises(VaultError) as refusal:
        keyring(fresh=True)

    assert refusal.value.code == "vault_key_file_unfit"


def test_a_pipe_in_place_of_the_key_file_makes_nobody_wait(key_file):
    key_file.unlink()
    os.mkfifo(key_file, 0o400)
    file.forget()

    with pytest.raises(VaultError):
        keyring()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_key_file_of_another_account_is_not_used(key_file):
    os.chown(key_file, 65534, -1)
    file.forget()

    with pytest.raises(VaultError) as refusal:
        keyring()

    assert "own account" in str(refusal.value)


@pytest.mark.parametrize("length", [0, 1, 50, 200])
def test_a_truncated_key_file_is_refused(length, key_file):
    content = key_file.read_bytes()
    key_file.chmod(0o600)
    key_file.write_bytes(content[:length])
    file.forget()

    with pytest.raises(VaultError):
        keyring()


def test_a_folder_of_the_lock_that_is_gone_is_a_locked_vault(settings, tmp_path, key_file):
    settings.VAULT_LOCK_FILE = str(tmp_path / "unmounted" / "vault.locked")

    with pytest.raises(Locked):
        keyring()


def test_the_lock_may_lie_elsewhere(settings, tmp_path, key_file):
    settings.VAULT_LOCK_FILE = str(tmp_path / "vault.locked")
    keyring()

    file.lock()

    assert (tmp_path / "vault.locked").exists()
    with pytest.raises(Locked):
        keyring()


# --- Removing ---------------------------------------------------------------------------------------------------------


def test_destroyed_keys_are_overwritten_and_gone_with_what_an_interrupted_replacement_left(
    key_file, tmp_path
):
    left_over = key_file.with_name(".vault.json.17.aabbccdd.new")
    left_over.write_bytes(key_file.read_bytes())
    names = {path: tmp_path / f"name of {path.name}" for path in (key_file, left_over)}
    for path, name in names.items():
        os.link(path, name)

    assert file.destroy() is True

    assert [set(name.read_bytes()) for name in names.values()] == [{0}, {0}]
    assert sorted(path.name for path in key_file.parent.iterdir()) == ["vault.json.locked"]
    assert file.is_locked()
    assert file.destroy() is False


def test_keys_are_destroyed_even_where_no_lock_can_be_made(settings, tmp_path, key_file):
    settings.VAULT_LOCK_FILE = str(tmp_path / "unmounted" / "vault.locked")

    with pytest.raises(OSError, match="No such file"):
        file.destroy()

    assert not key_file.exists()


# --- Nothing is told --------------------------------------------------------------------------------------------------


def test_no_key_is_in_any_log_or_refusal(key_file, caplog):
    caplog.set_level(logging.DEBUG)
    found = file.contents()
    told = []
    key_file.chmod(0o600)
    for spoilt in (key_file.read_bytes()[:-3], key_file.read_bytes().replace(b'"index"', b'"indx"')):
        key_file.write_bytes(spoilt)
        file.forget()
        with pytest.raises(VaultError) as refusal:
            keyring()
        told += [str(refusal.value), repr(refusal.value), str(refusal.getrepr(style="short"))]

    secrets = [key.hex()[:16] for key in (*found.keks.values(), found.audit)]
    secrets += [text for text in found.to_json().decode().split('"') if text.endswith("=")]
    assert [secret for secret in secrets for text in (*told, caplog.text) if secret in text] == []
