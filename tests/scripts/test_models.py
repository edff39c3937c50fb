"""Which model is served: the newest that is whole, whatever happened to its file."""

from __future__ import annotations

import io
import os
import tarfile

import pytest

from scripts.models import NoModel, fault_of, to_serve


def write_model(file, names=("metadata.json", "components/a.bin")):
    with tarfile.open(file, "w:gz") as packed:
        for name in names:
            content = os.urandom(5000)
            member = tarfile.TarInfo(name)
            member.size = len(content)
            packed.addfile(member, io.BytesIO(content))


@pytest.fixture
def models(tmp_path):
    """Two models, the second the newer one."""
    for number in (1, 2):
        write_model(tmp_path / f"{number}.tar.gz")
        os.utime(tmp_path / f"{number}.tar.gz", (number, number))
    return tmp_path


def cut_off(file):
    file.write_bytes(file.read_bytes()[:-2000])


def flip(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)


def empty(file):
    file.write_bytes(b"")


def other(file):
    file.write_bytes(b"this is no archive" * 100)


def another_archive(file):
    write_model(file, names=["holiday.jpg"])


DAMAGES = [cut_off, flip, empty, other, another_archive]


def damage(file, deed):
    when = file.stat().st_mtime
    deed(file)
    os.utime(file, (when, when))


def test_the_newest_is_served(models):
    assert to_serve(models) == (models / "2.tar.gz", [])


@pytest.mark.parametrize("deed", DAMAGES)
def test_where_the_newest_is_broken_the_one_before_is_served_and_the_file_is_named(models, deed):
    damage(models / "2.tar.gz", deed)
    model, complaints = to_serve(models)
    assert model == models / "1.tar.gz"
    (complaint,) = complaints
    assert "2.tar.gz" in complaint and "make train" in complaint


def test_where_none_is_whole_it_is_said_what_to_do(models):
    for number in (1, 2):
        damage(models / f"{number}.tar.gz", cut_off)
    with pytest.raises(NoModel, match=r"2\.tar\.gz cannot be read[\s\S]*`make train`"):
        to_serve(models)


def test_where_there_is_no_model_it_is_said_what_to_do(tmp_path):
    with pytest.raises(NoModel, match="no model that could be served: `make train`"):
        to_serve(tmp_path)


def test_a_whole_model_has_no_fault(models):
    assert fault_of(models / "1.tar.gz") is None
