"""Reports that are handed on: nothing private is left in them, and what helps is."""

from __future__ import annotations

import pytest

from stillpoint.models import privacy


@pytest.fixture(autouse=True)
def somebody(monkeypatch, tmp_path):
    home = tmp_path / "home" / "marlene"
    home.mkdir(parents=True)
    monkeypatch.setattr(privacy.Path, "home", lambda: home)
    monkeypatch.setattr(privacy.getpass, "getuser", lambda: "mdietrich")
    monkeypatch.setattr(privacy.socket, "gethostname", lambda: "geo-ws17.institute.example")
    return home


def test_home_user_and_computer_are_out(somebody):
    text = f"{somebody}/qgis/engine/bin/python of mdietrich (Marlene) on geo-ws17.institute.example, {somebody}x"
    clean = privacy.scrubbed(text)
    assert clean.startswith("~/qgis/engine/bin/python of <user> (<user>) on <host>,")
    assert "arlene" not in clean and "institute" not in clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("/home/hans/stack.tif is missing", "/home/<user>/stack.tif is missing"),
        (r"C:\Users\Hans Peter\x.tif", r"C:\Users\<user>\x.tif"),
        (r"C:\\Users\\hans\\x.tif", r"C:\\Users\\<user>\\x.tif"),
        ("/Users/Shared/model", "/Users/Shared/model"),
        ("http://hans:geheim@proxy.example:3128", "http://<hidden>@proxy.example:3128"),
        ("https://ghp_abcdefghijklmnop@github.com/x", "https://<hidden>@github.com/x"),
        ("Authorization: Bearer abc.def-ghi_jkl", "Authorization: Bearer <hidden>"),
        ("HF_TOKEN=hf_0123456789abcdef x", "HF_TOKEN=<hidden> x"),
        ('{"password": "geheim", "n": 1}', '{"password": "<hidden>", "n": 1}'),
        ("key AKIAABCDEFGHIJKLMNOP here", "key <hidden> here"),
        ("see https://example.org/a?access_token=abc&x=1", "see https://example.org/a?access_token=<hidden>&x=1"),
    ],
)  # fmt: skip
def test_others_and_secrets_are_out(text, clean):
    assert privacy.scrubbed(text) == clean


@pytest.mark.parametrize(
    "text", ["numpy 1.24.2 (needed: 1.21 or newer)", "3 tokens of the network", "the root of the tree", "SHA-256 0a1b2c3d4e5f"]
)
def test_what_helps_stays(text):
    assert privacy.scrubbed(text) == text


def test_common_and_short_names_stay(monkeypatch):
    monkeypatch.setattr(privacy.getpass, "getuser", lambda: "root")
    assert privacy.scrubbed("OSGEO4W_ROOT and root cause") == "OSGEO4W_ROOT and root cause"


def test_scrubbing_twice_changes_nothing():
    once = privacy.scrubbed("token=abc /home/hans/x http://a:b@c Bearer abcdefghijk")
    assert privacy.scrubbed(once) == once


def test_password_of_an_address():
    assert privacy.without_password("http://hans:geheim@proxy:3128") == "http://<hidden>@proxy:3128"
    assert privacy.without_password("hans:geheim@proxy:3128") == "<hidden>@proxy:3128"
    assert privacy.without_password("http://proxy:3128/x") == "http://proxy:3128/x"
