"""Downloads, from a server that breaks off, lies and redirects."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from badserver import Behaviour, serve

from labkit.data.download import fetch
from labkit.data.remote import RemoteFile
from labkit.errors import CourseError

CONTENT = np.random.default_rng(0).bytes(3_000_000)


@pytest.fixture
def server() -> Iterator[Behaviour]:
    with serve(CONTENT) as behaviour:
        yield behaviour


def remote(server: Behaviour) -> RemoteFile:
    return RemoteFile(server.url, "a.zip", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


def test_a_file_is_fetched_once(server: Behaviour, tmp_path: Path) -> None:
    for _ in range(2):
        assert fetch(remote(server), tmp_path).read_bytes() == CONTENT
    assert server.requests == [None]
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_it_goes_on_where_it_broke_off(server: Behaviour, tmp_path: Path) -> None:
    server.breaks_off_after = 1_200_000
    with pytest.raises(CourseError, match=r"broke off with 1,\d\d\d,\d\d\d of 3,000,000.*goes on from there"):
        fetch(remote(server), tmp_path)
    have = (tmp_path / "a.zip.part").stat().st_size
    assert 0 < have <= 1_200_000 and not (tmp_path / "a.zip").exists()
    server.breaks_off_after = None
    assert fetch(remote(server), tmp_path).read_bytes() == CONTENT
    assert server.requests == [None, f"bytes={have}-"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_a_break_without_a_length_is_noticed_too(server: Behaviour, tmp_path: Path) -> None:
    server.announces_length, server.breaks_off_after = False, 1_200_000
    with pytest.raises(CourseError, match="broke off"):
        fetch(remote(server), tmp_path)


def test_a_server_without_ranges_starts_anew(server: Behaviour, tmp_path: Path) -> None:
    (tmp_path / "a.zip.part").write_bytes(b"x" * 1000)
    server.ignores_range = True
    assert fetch(remote(server), tmp_path).read_bytes() == CONTENT
    assert server.requests == ["bytes=1000-"]


def test_a_whole_part_needs_no_request(server: Behaviour, tmp_path: Path) -> None:
    (tmp_path / "a.zip.part").write_bytes(CONTENT)
    assert fetch(remote(server), tmp_path).read_bytes() == CONTENT
    assert server.requests == []


def test_another_range_than_asked_for_is_refused(server: Behaviour, tmp_path: Path) -> None:
    (tmp_path / "a.zip.part").write_bytes(CONTENT[:1000])
    server.shifts_range = 5
    with pytest.raises(CourseError, match="another part"):
        fetch(remote(server), tmp_path)
    assert (tmp_path / "a.zip.part").read_bytes() == CONTENT[:1000]


def test_wrong_bytes_are_deleted_and_named(server: Behaviour, tmp_path: Path) -> None:
    server.content = CONTENT[:-1] + b"?"
    with pytest.raises(CourseError, match="SHA-256 differs"):
        fetch(remote(server), tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("announces_length", [True, False])
def test_a_file_of_another_size_is_refused(server: Behaviour, tmp_path: Path, announces_length: bool) -> None:
    server.content, server.announces_length = CONTENT + b"more", announces_length
    with pytest.raises(CourseError, match=r"3,000,004 bytes|more than 3,000,000"):
        fetch(remote(server), tmp_path)
    assert not (tmp_path / "a.zip").exists()


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        ({"status": 404}, "answered 404"),
        ({"status": 503}, "answered 503"),
        ({"redirects_to_page": True}, "a web page instead of a.zip"),
    ],
)
def test_an_answer_that_is_no_file_is_said(
    server: Behaviour, tmp_path: Path, behaviour: dict, sentence: str
) -> None:
    vars(server).update(behaviour)
    with pytest.raises(CourseError, match=f"{sentence}.* with a browser and put it at {tmp_path}"):
        fetch(remote(server), tmp_path)
    assert not list(tmp_path.iterdir())


def test_nobody_there(server: Behaviour, tmp_path: Path) -> None:
    nowhere = replace(remote(server), url="http://127.0.0.1:1/file")
    with pytest.raises(CourseError, match="refused"):
        fetch(nowhere, tmp_path)


def test_a_file_put_there_by_hand_is_verified_and_taken(server: Behaviour, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(CONTENT)
    assert fetch(remote(server), tmp_path).read_bytes() == CONTENT
    assert server.requests == []
    (tmp_path / "a.zip").write_bytes(b"something else")
    assert fetch(remote(server), tmp_path).read_bytes() == CONTENT
