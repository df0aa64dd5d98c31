#!/bin/sh
# Gather in .gpu/ what a bare GPU machine lacks (Python 3.12 with torch, numpy, scipy, pandas, h5py, matplotlib,
# scikit-learn, scikit-image, lightning, safetensors, transformers, pytest; no network), and print the command to run there.
#
#     sh benchmarks/gpu_pack.sh [pip's python, default python3]
set -eu
cd "$(dirname "$0")/.."
python=${1:-python3}
out=.gpu
limit_mb=60
# Versions as in constraints.txt; with their own needs, as far as they are absent there.
wanted="seisbench obspy hydra-core omegaconf antlr4-python3-runtime segyio torchjd qpsolvers quadprog optuna pooch \
SQLAlchemy greenlet decorator colorlog alembic Mako platformdirs Bottleneck nest-asyncio lxml requests urllib3 idna \
certifi charset-normalizer soxr psutil pytest-xdist execnet"
mkdir -p "$out/wheels"
rm -f "$out"/wheels/*.whl
pins=$(for name in $wanted; do
    grep -i "^$name==" constraints.txt || { echo "gpu_pack.sh: $name is not in constraints.txt" >&2; exit 1; }
done)
platforms=$(for number in 17 24 27 28 31 34; do printf -- '--platform manylinux_2_%s_x86_64 ' "$number"; done)
# shellcheck disable=SC2086
"$python" -m pip download -q --no-deps --only-binary=:all: --python-version 3.12 --implementation cp $platforms \
    --platform manylinux2014_x86_64 --platform manylinux1_x86_64 -d "$out/wheels" \
    $(printf '%s\n' "$pins" | grep -v '^antlr4')
# Its only release that Hydra takes is a source archive; the wheel is pure Python.
"$python" -m pip wheel -q --no-deps -w "$out/wheels" "$(printf '%s\n' "$pins" | grep '^antlr4')"
# The commit, and a hash of the sources (gpu_commit.py reads both): a later state must not be taken for this one.
commit=$(git rev-parse --short=12 HEAD)$(git diff --quiet HEAD -- src || echo +)
hash=$(cd src/quakebook && find . -name '*.py' | LC_ALL=C sort | xargs cat | sha256sum | cut -c1-12)
echo "$commit $hash" > "$out/commit"
size=$(du -sm "$out/wheels" | cut -f1)
echo "$(ls "$out/wheels" | wc -l) wheels, $size MB of at most $limit_mb, commit $(cat "$out/commit")"
[ "$size" -lt "$limit_mb" ] || { echo "gpu_pack.sh: $size MB is too much" >&2; exit 1; }
cat <<'TEXT'
Take along .gpu, and on a fresh machine runs/gpu with the unpacked results of earlier calls. Run there, in this folder:
python3 -m pip install -q --no-index --no-deps --no-compile --no-cache-dir --upgrade --target /tmp/site .gpu/wheels/*.whl && export PYTHONPATH=/tmp/site PYTHONUNBUFFERED=1 || exit; set -o pipefail; python3 benchmarks/gpu.py --budget-s 480 2>&1 | tee "$OUT/log.txt"
Afterwards, here: mkdir -p runs/gpu; for part in gpu-*.tar; do tar -xf "$part" -C runs/gpu; done
Recorded results then lie in runs/gpu/recorded/CHAPTER; copy them to book/recorded/CHAPTER.
TEXT
