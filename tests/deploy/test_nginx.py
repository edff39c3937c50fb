"""The nginx configuration of deploy/, read by nginx itself."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from scripts.own_nginx import MAIN, program, settled
from scripts.servers import free_ports

pytestmark = pytest.mark.nginx
TEMPLATES = sorted(Path("deploy/compose").glob("*.template"))


@pytest.fixture
def checked(tmp_path):
    """What nginx says of a configuration: nothing where it is right."""

    def check(site):
        configuration = tmp_path / "nginx.conf"
        configuration.write_text(MAIN.format(folder=tmp_path, site=site))
        command = [program(), "-t", "-q", "-c", configuration, "-e", tmp_path / "error.log"]
        return subprocess.run(command, capture_output=True, text=True, check=False).stderr

    return check


def test_the_templates_as_they_are_deployed_are_right(checked, tmp_path):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x"]
        + ["-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"],
        check=True,
        capture_output=True,
    )
    site = "".join(file.read_text() for file in TEMPLATES)
    # Names and folders of the container's; ports that a user may listen on.
    for theirs, ours in (
        ("${SITE}", "chat.clinic.example"),
        ("/etc/nginx/tls", str(tmp_path)),
        *((f"server {name}:", "server 127.0.0.1:") for name in ("gateway", "rasa", "actions")),
        *zip(("listen 443", "listen 80"), (f"listen {p}" for p in free_ports(2)), strict=True),
    ):
        site = site.replace(theirs, ours)
    assert checked(site) == ""


def test_they_are_right_with_several_servers(checked):
    servers = {"gateway": [8001, 8002], "rasa": [5006, 5007], "actions": [5056, 5057]}
    ports = dict(zip(("site", "rasa", "actions"), free_ports(3), strict=True))
    site = settled(servers, ports)
    assert "server 127.0.0.1:5006 max_fails" in site
    assert "server 127.0.0.1:5007 max_fails" in site
    assert checked(site) == ""


def test_a_wrong_one_is_found(checked):
    assert "unknown directive" in checked("proxy_pas x;")


def test_the_container_is_given_every_template():
    volumes = Path("deploy/compose/compose.yml").read_text()
    for file in TEMPLATES:
        assert f"./{file.name}:/etc/nginx/templates/{file.name}:ro" in volumes
