"""What `Dockerfile` and `deploy/` promise: no root, nothing to write to but the archive, and options that exist."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from archiver.cli import COMMANDS, load_command

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
VARIABLES = {parameter.envvar for name in COMMANDS for parameter in load_command(name).params}


def job() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "k8s" / "crawl-36kr.yaml").read_text("utf-8"))
    return found


def pod() -> dict[str, Any]:
    found: dict[str, Any] = job()["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    return found


def check(words: list[str]) -> None:
    """The command line is one that the program takes."""
    load_command(words[0]).make_context(words[0], words[1:])


def test_a_job_of_kubernetes_never_runs_beside_itself_and_may_write_only_where_it_must() -> None:
    assert (job()["kind"], job()["spec"]["concurrencyPolicy"]) == ("CronJob", "Forbid")
    [container] = pod()["containers"]
    assert pod()["securityContext"]["runAsNonRoot"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert {mount["mountPath"] for mount in container["volumeMounts"]} == {"/archive", "/tmp"}  # noqa: S108
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod()["volumes"]}
    check(container["args"])


def test_the_volume_of_kubernetes_is_the_one_that_is_claimed_and_is_for_many() -> None:
    claim = yaml.safe_load((DEPLOY / "k8s" / "archive.yaml").read_text("utf-8"))
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    assert {"claimName": claim["metadata"]["name"]} in [
        volume.get("persistentVolumeClaim") for volume in pod()["volumes"]
    ]


def test_the_password_of_the_database_is_a_secret() -> None:
    [container] = pod()["containers"]
    variables = {entry["name"]: entry for entry in container["env"]}
    assert variables.keys() <= VARIABLES
    assert "secretKeyRef" in variables["ARCHIVER_INDEX"]["valueFrom"]
    index = COMPOSE["services"]["worker"]["environment"]["ARCHIVER_INDEX"]
    assert ":${POSTGRES_PASSWORD:?}@postgres/" in index


@pytest.mark.parametrize("name", ["scheduler", "worker"])
def test_services_that_crawl_need_no_root_and_write_nowhere_else(name: str) -> None:
    service = COMPOSE["services"][name]
    assert (service["user"], service["read_only"], service["cap_drop"]) == ("10001:10001", True, ["ALL"])
    assert service["environment"].keys() <= VARIABLES
    assert [mount for mount in service["volumes"] if not mount.endswith(":ro")] == ["archive:/archive"]
    check(service["healthcheck"]["test"][2:])
    assert service["depends_on"].keys() <= COMPOSE["services"].keys()


def test_there_are_a_scheduler_and_two_workers() -> None:
    services = COMPOSE["services"]
    assert services.keys() == {"scheduler", "worker", "redis", "postgres"}
    assert services["worker"]["deploy"]["replicas"] == 2
    check(services["worker"]["command"])
    [told] = re.findall(r"archiver (.*?);", services["scheduler"]["entrypoint"][-1])
    check(told.split())


def test_the_image_runs_as_nobody_and_is_made_of_what_is_locked() -> None:
    last = DOCKERFILE.rpartition("FROM")[2]
    assert "USER 10001:10001" in last
    assert 'CMD ["archiver", "status"]' in last
    assert "--require-hashes -r requirements-cluster.txt" in DOCKERFILE
    lines = re.findall(r"^COPY (?!--)(.*) \S+$", DOCKERFILE, re.MULTILINE)
    taken = {name for line in lines for name in line.split()}
    allowed = set(re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE))
    assert taken <= allowed
    assert all((ROOT / name).exists() for name in taken)
