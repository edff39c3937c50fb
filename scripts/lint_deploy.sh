#!/bin/sh
# Checks deploy/ and the bill of materials with the linters that are made for them. One that is missing is a failure.
set -eu
cd "$(dirname "$0")/.."

uv=$(command -v uv || echo .tools/bin/uv)
tools=.tools/lint-deploy
[ -d "$tools" ] || "$uv" venv --quiet --python 3.11 "$tools"
"$uv" pip sync --quiet --require-hashes --python "$tools/bin/python" scripts/lint-deploy-requirements.txt

for program in docker-compose systemd-analyze; do
    command -v "$program" >/dev/null || {
        echo "lint-deploy: $program is missing (Debian: apt install docker-compose systemd)." >&2
        exit 1
    }
done

"$tools/bin/hadolint" deploy/Dockerfile
"$tools/bin/shellcheck" scripts/*.sh .ci/run
SITE=chat.clinic.example ASSISTANT_SECRET=x DATABASE_PASSWORD=x CERTIFICATES=/etc/ssl \
    docker-compose -f deploy/compose/compose.yml config --quiet
for manifest in deploy/kubernetes/*.yaml; do
    # A kustomization is kustomize's own, not a resource of the cluster's.
    [ "$manifest" = deploy/kubernetes/kustomization.yaml ] && continue
    "$tools/bin/kubernetes-validate" --strict --quiet "$manifest"
done

make --silent sbom
"$tools/bin/python" scripts/check_sbom.py var/sbom.json

# verify also looks for the program, which is only there on the server.
units=$(mktemp -d)
trap 'rm -rf "$units"' EXIT
cp deploy/systemd/* "$units"
sed -i "s|/opt/milia/.venv/bin/python|$(command -v python3)|" "$units"/*.service
for unit in "$units"/*; do systemd-analyze verify --man=no "$unit"; done
for unit in "$units"/*.service; do
    systemd-analyze security --offline=true --threshold=20 --no-pager "$unit" >/dev/null
done
echo "deploy/ is fine."
