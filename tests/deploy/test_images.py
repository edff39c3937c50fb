"""What the deployment says about itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

COMPOSE = yaml.safe_load(Path("deploy/compose/compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ["gateway", "rasa", "actions", "worker"]


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_names_its_version(service):
    assert re.search(r":\d+\.\d+", SERVICES[service]["image"])


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_cannot_write_its_root_nor_gain_rights(service):
    assert SERVICES[service]["read_only"] is True
    assert SERVICES[service]["cap_drop"] == ["ALL"]
    assert SERVICES[service]["security_opt"] == ["no-new-privileges:true"]


def test_only_nginx_is_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]


@pytest.mark.parametrize("process", OURS)
def test_every_process_of_the_procfile_has_a_service_a_unit_and_a_manifest(process):
    assert f"{process}:" in Path("Procfile").read_text()
    assert process in SERVICES
    assert Path(f"deploy/systemd/milia-{process}.service").is_file()
    assert Path(f"deploy/kubernetes/{process}.yaml").is_file()
