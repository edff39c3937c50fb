#!/bin/sh
# Installs what serves and trains, and nothing that only development needs, into the folder $1
# (.venv unless given). Needs uv and Python 3.11. Used by the container image and on servers.
set -eu
cd "$(dirname "$0")/.."
target=${1:-.venv}
uv=$(command -v uv || echo .tools/bin/uv)
limit_mb=1700

UV_PROJECT_ENVIRONMENT=$target "$uv" sync --frozen --quiet --no-dev --python 3.11

packages=$("$target/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
# TensorFlow's C++ headers are for building extensions; packages' own tests are for their authors.
rm -rf "$packages/tensorflow/include"
for package in dask networkx numpy pandas scipy sklearn spacy; do
    find "$packages/$package" -depth -type d -name tests -exec rm -rf {} + 2>/dev/null || true
done
# aiogram, which Rasa imports, brings all languages' names of months and moneys.
find "$packages/babel/locale-data" -name '*.dat' ! -name root.dat ! -name 'en*' -delete
# Bytecode of what is really imported: a read-only installation cannot write it later.
PYTHONDONTWRITEBYTECODE='' RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3 SQLALCHEMY_SILENCE_UBER_WARNING=1 \
    "$target/bin/python" -W ignore -c '
import rasa.__main__, rasa.core.run, rasa.model_training, rasa.server, rasa_sdk.endpoint
import channels.gateway, clinic.worker'

# Bytes as they lie on the disk, in MB of 1,000,000.
mb=$(du -s --block-size=1000000 "$target" | cut -f1)
echo "what serves and trains: $mb MB in $target"
[ "$mb" -le "$limit_mb" ] || { echo "install: more than $limit_mb MB" >&2; exit 1; }
