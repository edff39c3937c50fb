#!/bin/sh
# Builds deploy/Dockerfile and runs the image (scripts/check_image.py), without a container engine:
# as root, with Debian's buildah, bubblewrap, iproute2, postgresql and redis-server. With
# BASE=debian the official Python image, where it cannot be fetched, is stood in for by Debian 12
# with its own Python 3.11 (debootstrap).
set -eu
cd "$(dirname "$0")/.."
base=$(sed -n 's/^FROM \([^ ]*\).*/\1/p' deploy/Dockerfile | head -n 1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
buildah() { command buildah --storage-driver vfs --root "$work/images" --runroot "$work/run" "$@"; }

if [ "${BASE:-}" = debian ]; then
    debootstrap --variant=minbase --include=python3.11,python3-pip,python-is-python3,ca-certificates \
        bookworm "$work/base" >"$work/debootstrap.log" || { tail "$work/debootstrap.log" >&2; exit 1; }
    # As in the official image, pip may install there.
    rm -rf "$work"/base/usr/lib/python3.11/EXTERNALLY-MANAGED "$work"/base/var/cache/apt/archives/*.deb
    cp /etc/ssl/certs/ca-certificates.crt "$work/base/etc/ssl/certs/"
    tar -C "$work/base" -cf "$work/base.tar" --exclude='./proc/*' --exclude='./sys/*' .
    printf 'FROM scratch\nADD base.tar /\nENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt\n' \
        >"$work/Base"
    buildah build --isolation chroot --quiet -f "$work/Base" -t "docker.io/library/$base" "$work" >/dev/null
    rm -rf "$work/base" "$work/base.tar"
fi

# Docker's own format: that of OCI has no health checks.
buildah build --isolation chroot --format docker --quiet -f deploy/Dockerfile -t milia-assistant . \
    >"$work/build.log" 2>&1 || { tail -n 30 "$work/build.log" >&2; exit 1; }
container=$(buildah from milia-assistant)
root=$(buildah mount "$container")
buildah inspect --type image milia-assistant >"$work/config.json"
echo "The image is built: $(du -sx --block-size=1000000 "$root" | cut -f1) MB."

# A network of its own: the ports of the containers are free there, whatever runs here.
unshare --net sh -c 'ip link set lo up && exec "$@"' - \
    .venv/bin/python -m scripts.check_image "$root" "$work/config.json"
