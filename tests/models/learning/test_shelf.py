"""The user's models: import, export, removal, defaults, and that nothing changes behind one's back."""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
import zipfile

import pytest

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import archives, cards, library, shelf

NETWORK = cards.SHIPPED / "scatterers-cnn-iss.safetensors"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    made = tmp_path / "my models"
    monkeypatch.setenv(shelf.VARIABLE, str(made))
    return made


@pytest.fixture
def source(tmp_path):
    """A model of the user's with its card."""
    path = tmp_path / "given" / "city net.safetensors"
    path.parent.mkdir()
    header = library.read_header(NETWORK)
    changed = library.Header(**{**vars(header), "version": "9"})
    library.save_model(path, library.read_state(NETWORK), changed)
    path.with_suffix(".md").write_text("# City\n\n## Where it fails\n\n- In fields\n", encoding="utf-8")
    return path


def test_import_records_what_was_imported(source, folder):
    (model,) = shelf.add(source)
    assert model.path == folder / "city-net.safetensors" and model.card.startswith("# City") and not model.shipped
    assert shelf.recorded(model.path) == model.sha256 == cards.sha256(source)
    assert [item.name for item in cards.installed(shelf.folders()) if not item.shipped] == ["city-net"]
    assert shelf.add(source)[0].path == model.path and len(list(folder.glob("*.safetensors"))) == 1  # the same file once
    assert sorted(path.name for path in folder.iterdir()) == ["city-net.md", "city-net.safetensors", "shelf.json"]


def test_what_is_there_already_gets_the_card_that_it_lacks(source, folder):
    card = source.with_suffix(".md")
    text = card.read_text(encoding="utf-8")
    card.unlink()
    (first,) = shelf.add(source)
    assert not first.card
    card.write_text(text, encoding="utf-8")
    (again,) = shelf.add(source, name="other")
    assert again.path == first.path and again.card == text


def test_a_message_names_the_file_that_is_imported(folder, tmp_path):
    path = tmp_path / "mine.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a.safetensors", b"no model at all")
    with pytest.raises(StillpointError) as caught:
        shelf.add(path)
    assert f"{path}: a.safetensors is not" in str(caught.value) and ".import-" not in str(caught.value)


def test_names_are_free_and_plain(source, folder, tmp_path):
    shelf.add(source)
    library.save_model(source, library.read_state(NETWORK), library.read_header(NETWORK))
    assert shelf.add(source)[0].name == "city-net-2"
    other = shutil.copyfile(cards.SHIPPED / "scatterers-unet.safetensors", tmp_path / "x.safetensors")
    assert shelf.add(other, name="../../etc/trends-default")[0].path == folder / "etc-trends-default.safetensors"
    for given, plain in (
        ("con", "model-con"), ("..", "model"), ("a/b\\c:d", "a-b-c-d"), ("Möwe 3", "Möwe-3"), ("x" * 300, "x" * 80),
        (".hidden", "hidden"), ("a\u202eb", "a-b"), ("", "model"),
    ):  # fmt: skip
        assert shelf.plain_name(given) == plain


def test_a_model_called_like_a_shipped_one_gets_another_name(tmp_path):
    other = shutil.copyfile(NETWORK, tmp_path / "trends-default.safetensors")
    assert shelf.add(other)[0].name == "trends-default-2"


def test_export_and_import_of_an_archive(source, folder, tmp_path, monkeypatch):
    (model,) = shelf.add(source)
    packed = shelf.export(model, tmp_path / "out")
    assert packed == tmp_path / "out.zip"
    with zipfile.ZipFile(packed) as opened:
        assert f"{model.sha256}  city-net.safetensors" in opened.read("SHA256SUMS").decode()
    monkeypatch.setenv(shelf.VARIABLE, str(tmp_path / "elsewhere"))
    (again,) = shelf.add(packed)
    assert again.sha256 == model.sha256 and again.card == model.card and again.header.version == "9"
    assert sorted(path.name for path in (tmp_path / "elsewhere").iterdir()) == [
        "city-net.md", "city-net.safetensors", "shelf.json",
    ]  # fmt: skip


def test_an_archive_whose_checksum_is_another_is_refused(source, tmp_path, folder):
    packed = tmp_path / "x.zip"
    with zipfile.ZipFile(packed, "w") as opened:
        opened.write(source, "a.safetensors")
        opened.writestr("SHA256SUMS", f"{'0' * 64}  a.safetensors\n")
    with pytest.raises(StillpointError, match="not what its checksum says"):
        shelf.add(packed)
    assert not list(folder.glob("*"))


def test_defaults_are_taken_everywhere_no_model_is_named(source):
    from stillpoint.models.interferograms.methods import model_of as of_interferograms
    from stillpoint.models.scatterers.methods import open_method
    from stillpoint.models.trends.methods import model_of as of_trends

    (model,) = shelf.add(source)
    shipped = library.shipped("scatterers", "cnn_iss")
    assert library.model_of("scatterers", "cnn_iss") == shipped and library.asked("scatterers", "cnn_iss") is None
    shelf.choose(model)
    assert shelf.chosen("scatterers", "cnn_iss") == model.path == library.model_of("scatterers", "cnn_iss")
    assert library.asked("scatterers", "cnn_iss") == str(model.path)
    assert open_method("cnn_iss").model == model.path and open_method("cnn_iss", model=str(shipped)).model == shipped
    assert shelf.is_default(model) and not shelf.is_default(cards.model_file(shipped))
    assert library.model_of("scatterers", "cnn_iss", "city-net") == model.path  # by its name in the library
    assert of_trends("default") == library.shipped("trends", "default")
    assert of_interferograms("resnet50") == library.shipped("interferograms", "resnet50")
    shelf.choose(cards.model_file(shipped))
    assert shelf.chosen("scatterers", "cnn_iss") is None and shelf.is_default(cards.model_file(shipped))


def test_every_capability_takes_the_choice(folder, monkeypatch):
    """The door of each capability asks the same place; a damaged choice is noticed through each of them."""
    from stillpoint.models.interferograms import methods as interferograms
    from stillpoint.models.offsets import methods as offsets
    from stillpoint.models.scatterers import methods as scatterers
    from stillpoint.models.trends import methods as trends

    asked = []

    def chosen(task, network):
        asked.append((task, network))
        raise StillpointError("asked.")

    monkeypatch.setattr(shelf, "chosen", chosen)
    for room, names in (
        (trends, ("default", "mirmazloumi_cnn")), (scatterers, scatterers.NETWORKS), (interferograms, interferograms.NETWORKS),
        (offsets, offsets.NETWORKS),
    ):  # fmt: skip
        for name in names:
            with pytest.raises(StillpointError, match="asked"):
                room.open_method(name)
    networks = {key: name for key, name in cards.ARCHITECTURES.items() if (key[0], name) not in cards.FIXED}
    assert sorted(asked) == sorted((task, name) for (task, _), name in networks.items())


def test_a_changed_model_is_refused_before_it_runs(source):
    from stillpoint.models.scatterers.methods import open_method

    (model,) = shelf.add(source)
    shelf.choose(model)
    raw = bytearray(model.path.read_bytes())
    raw[-3] ^= 1
    model.path.write_bytes(bytes(raw))
    for given in (None, str(model.path)):
        with pytest.raises(StillpointError, match="not the file that was imported"):
            open_method("cnn_iss", model=given)
    with pytest.raises(StillpointError, match="not the file that was imported"):
        shelf.export(model, model.path.with_name("x.zip"))


def test_a_default_that_is_gone_is_told(source):
    (model,) = shelf.add(source)
    shelf.choose(model)
    model.path.unlink()
    with pytest.raises(StillpointError, match=r"gone.*models default scatterers-cnn-iss"):
        library.model_of("scatterers", "cnn_iss")


def test_remove_takes_only_what_is_the_users(source, tmp_path):
    (model,) = shelf.add(source)
    shelf.choose(model)
    assert shelf.remove(model) and not model.path.exists() and not model.card_path.exists()
    assert shelf.records() == {"models": {}, "defaults": {}} and source.exists()
    with pytest.raises(StillpointError, match="came with Stillpoint"):
        shelf.remove(cards.model_file(NETWORK))
    with pytest.raises(StillpointError, match="not in the library"):
        shelf.remove(cards.model_file(source))
    with pytest.raises(StillpointError, match="Import it first"):
        shelf.choose(cards.model_file(source))


def test_what_no_method_takes_is_not_imported(tmp_path, folder):
    import torch

    path = tmp_path / "m.safetensors"
    for header, words in (
        (library.Header("trends", "LogisticMap", "1"), "belong to the program"),
        (library.Header("weather", "Cloud", "1"), "no method of this version"),
    ):
        library.save_model(path, {"a": torch.zeros(1)}, header)
        with pytest.raises(StillpointError, match=words):
            shelf.add(path)
    unfit = (("a.pt", b"x", "must end in"), ("a.zip", b"PK\x03\x04", "cannot be read"), ("b.tar.gz", b"x", "cannot"))
    for name, content, words in unfit:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(StillpointError, match=words):
            shelf.add(tmp_path / name)
    with pytest.raises(StillpointError, match="no file"):
        shelf.add(tmp_path / "none.safetensors")
    assert not folder.exists() or not list(folder.iterdir())


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"format": 2}', '{"format": 1, "models": []}', '{"format":1,"defaults":{"a":"../x"}}']
)
def test_damaged_records_get_a_sentence(folder, text):
    folder.mkdir()
    (folder / "shelf.json").write_text(text)
    with pytest.raises(StillpointError, match=r"cannot be read\. Delete it"):
        shelf.records()


def test_records_are_written_whole(source, folder, monkeypatch):
    shelf.add(source)
    before = (folder / "shelf.json").read_text()
    monkeypatch.setattr(os, "replace", lambda *given: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(StillpointError, match="No space left"):
        shelf.choose(cards.model_file(folder / "city-net.safetensors"))
    assert (folder / "shelf.json").read_text() == before and json.loads(before)["defaults"] == {}
    assert not list(folder.glob("*.partial"))


# Archives


def zipped(path, members, **options):
    with zipfile.ZipFile(path, "w", **options) as opened:
        for name, content in members:
            about = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name)
            opened.writestr(about, content)
    return path


def tarred(path, members, mode="w"):
    with tarfile.open(path, mode) as opened:
        for member, content in members:
            about = member if isinstance(member, tarfile.TarInfo) else tarfile.TarInfo(member)
            about.size = len(content) if about.isreg() else 0
            opened.addfile(about, io.BytesIO(content) if about.isreg() else None)
    return path


BAD_NAMES = (
    "../x.safetensors", "/tmp/x.safetensors", "a/../../x.safetensors", "..\\x.safetensors", "C:\\x.safetensors", "c:x.safetensors",
    "\\\\host\\share\\x.safetensors", "CON.safetensors", "folder/nul/x.safetensors", "COM1.md", "x.safetensors:stream",
    "x.safetensors ", "a./x.safetensors", "x\u202e.safetensors",
)  # fmt: skip


@pytest.mark.parametrize("name", BAD_NAMES)
@pytest.mark.parametrize("ending", [".zip", ".tar"])
def test_names_that_lead_out_of_the_folder(tmp_path, name, ending):
    into = tmp_path / "a" / "b"
    into.mkdir(parents=True)
    make = zipped if ending == ".zip" else tarred
    archive = make(tmp_path / f"x{ending}", [(name, b"x")])
    with pytest.raises(StillpointError, match=r"could leave its folder|is no model"):
        archives.unpack(archive, into)
    assert not list(into.iterdir()) and sorted(path.name for path in tmp_path.iterdir()) == ["a", archive.name]


def special(kind):
    about = tarfile.TarInfo("x.safetensors")
    about.type, about.linkname = kind, "/etc/passwd"
    return about


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_refused(tmp_path, kind):
    archive = tarred(tmp_path / "x.tar", [(special(kind), b"")])
    with pytest.raises(StillpointError, match="links, devices"):
        archives.unpack(archive, tmp_path)
    link = zipfile.ZipInfo("x.safetensors")
    link.external_attr = 0o120777 << 16
    with pytest.raises(StillpointError, match="links, devices"):
        archives.unpack(zipped(tmp_path / "x.zip", [(link, b"/etc/passwd")]), tmp_path)
    assert not (tmp_path / "x.safetensors").exists()


@pytest.mark.parametrize("ending, mode", [(".zip", ""), (".tar.gz", "w:gz"), (".tar.xz", "w:xz"), (".tar.bz2", "w:bz2")])
def test_bombs_are_stopped_while_they_burst(tmp_path, ending, mode):
    """Thirty megabytes of zeros in a few kilobytes: refused after the few that the ratio allows."""
    into = tmp_path / "into"
    into.mkdir()
    content, path = bytes(30_000_000), tmp_path / f"x{ending}"
    if mode:
        tarred(path, [("x.safetensors", content)], mode)
    else:
        zipped(path, [("x.safetensors", content)], compression=zipfile.ZIP_DEFLATED)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
            opened.writestr("x.safetensors", content)
    assert path.stat().st_size < 100_000
    with pytest.raises(StillpointError, match="far more than its size allows"):
        archives.unpack(path, into)
    written = sum(item.stat().st_size for item in into.iterdir())
    assert written <= archives.FREE + archives.LARGEST_RATIO * path.stat().st_size


def test_sizes_that_are_made_up(tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as opened:
        opened.writestr("x.safetensors", b"y" * 50)
    raw = path.read_bytes()
    place = raw.rindex(b"PK\x01\x02") + 24
    path.write_bytes(raw[:place] + (2**32 - 2).to_bytes(4, "little") + raw[place + 4 :])
    with pytest.raises(StillpointError, match="claims 4,294,967,294 bytes"):
        archives.unpack(path, tmp_path)
    path.write_bytes(raw[:place] + (20).to_bytes(4, "little") + raw[place + 4 :])
    with pytest.raises(StillpointError, match=r"does not hold what it claims|cannot be read"):
        archives.unpack(path, tmp_path)


def test_too_many_foreign_twice_or_none(tmp_path):
    many = [(f"{number}.safetensors", b"x") for number in range(65)]
    for members, words in (
        (many, "more than 64"), ([("a.safetensors", b"x"), ("run.py", b"x")], "no model, card or checksum"),
        ([("a.safetensors", b"x"), ("b/A.safetensors", b"x")], "twice"), ([("a.md", b"x")], "holds no model"),
        ([("a.safetensors", b"x"), ("a.md", b"x" * 600_000)], "too much"),
    ):  # fmt: skip
        for archive in (zipped(tmp_path / "x.zip", members), tarred(tmp_path / "x.tar", members)):
            with pytest.raises(StillpointError, match=words):
                archives.unpack(archive, tmp_path)


def test_long_headers_of_a_tar_are_not_read_at_once(tmp_path):
    about = tarfile.TarInfo("x.safetensors")
    about.pax_headers = {"comment": "y" * 2_000_000}
    with tarfile.open(tmp_path / "x.tar", "w", format=tarfile.PAX_FORMAT) as opened:
        opened.addfile(about)
    with pytest.raises(StillpointError, match="too large"):
        archives.unpack(tmp_path / "x.tar", tmp_path)


@pytest.mark.parametrize("ending, mode", [(".tar", "w"), (".tgz", "w:gz"), (".tar.bz2", "w:bz2"), (".tar.xz", "w:xz")])
def test_tars_are_imported(source, tmp_path, ending, mode):
    path = tmp_path / f"x{ending}"
    with tarfile.open(path, mode) as opened:
        opened.add(source.parent, arcname=".")
    (model,) = shelf.add(path)
    assert model.sha256 == cards.sha256(source) and model.card.startswith("# City")
