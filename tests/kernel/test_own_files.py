"""Files of our own: private from the first moment, and never in the place of another."""

import pytest

from kernel import own_files


def test_a_new_file_is_empty_and_nobody_elses_to_read(tmp_path):
    own_files.make(tmp_path / "copy")

    made = (tmp_path / "copy").stat()
    assert (made.st_size, made.st_mode & 0o777) == (0, 0o600)


def test_a_file_that_is_there_is_not_touched(tmp_path):
    (tmp_path / "copy").write_text("what somebody needs")

    with pytest.raises(FileExistsError):
        own_files.make(tmp_path / "copy")

    assert (tmp_path / "copy").read_text() == "what somebody needs"


def test_a_link_is_not_followed_to_where_somebody_else_wants_the_file(tmp_path):
    (tmp_path / "copy").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(FileExistsError):
        own_files.make(tmp_path / "copy")

    assert not (tmp_path / "elsewhere").exists()


def test_what_is_cleared_away_is_overwritten_before_it_goes(tmp_path):
    folder, kept = tmp_path / "before", tmp_path / "the same bytes"
    folder.mkdir()
    (folder / "copy").write_bytes(b"a wrapped key")
    # A second name for the same bytes on the disk shows what is left of them.
    kept.hardlink_to(folder / "copy")

    own_files.clear_away(folder)

    assert not folder.exists()
    assert kept.read_bytes() == bytes(len(b"a wrapped key"))


def test_what_a_link_leads_to_is_left_alone_when_a_folder_is_cleared_away(tmp_path):
    folder, elsewhere = tmp_path / "before", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.write_text("what somebody needs")
    (folder / "link").symlink_to(elsewhere)

    own_files.clear_away(folder)

    assert elsewhere.read_text() == "what somebody needs"
