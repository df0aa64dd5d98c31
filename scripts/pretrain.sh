#!/usr/bin/env bash
# Pre-train GP2Vec: scripts/pretrain.sh [CONFIG.yaml] [-n|--dry-run] [-s|--skip-data] [-c|--continue] [-f|--force]
#                                       [-v|-q] [--section.key=value ...]
# Environment: GP2VEC_DATA_ROOT (a manifest.parquet there is used unless --skip-data is given), GP2VEC_OUTPUT_DIR (runs).
# A run that was interrupted goes on by itself; --continue says so, --force gives the run a folder of its own.
set -euo pipefail

python="${PYTHON:-python}"
config="" dry="" skip="" force="" quiet="" verbose=""
overrides=()
while [ $# -gt 0 ]; do
    case "$1" in
        -n|--dry-run) dry=1 ;;
        -s|--skip-data) skip=1 ;;
        -c|--continue) ;;
        -f|--force) force=1 ;;
        -v|--verbose) verbose=1 ;;
        -q|--quiet) quiet=1 ;;
        -h|--help) sed -n '2,6p' "$0"; exit 0 ;;
        --*=*) overrides+=("${1#--}") ;;
        *=*) overrides+=("$1") ;;
        *.yaml|*.yml) config="$1" ;;
        *) echo "pretrain.sh: unknown argument $1" >&2; exit 2 ;;
    esac
    shift
done

command=("$python" -m gp2vec.train.train)
if [ -n "$config" ]; then
    [ -f "$config" ] || { echo "pretrain.sh: no file $config" >&2; exit 2; }
    command+=("--config-path=$(cd "$(dirname "$config")" && pwd)" "--config-name=$(basename "${config%.*}")")
fi
if [ -z "$skip" ] && [ -n "${GP2VEC_DATA_ROOT:-}" ]; then
    command+=("data.source=archive" "data.manifest_path=$GP2VEC_DATA_ROOT/manifest.parquet")
fi
command+=("${overrides[@]+"${overrides[@]}"}")
[ -z "${GP2VEC_OUTPUT_DIR:-}" ] || export QUAKEBOOK_RUNS="$GP2VEC_OUTPUT_DIR"
[ -z "$force" ] || export QUAKEBOOK_RUNS="${QUAKEBOOK_RUNS:-runs}/$(date +%Y%m%d-%H%M%S)"
[ -z "$quiet" ] || export QUAKEBOOK_BATCH=1
[ -z "$verbose" ] || export HYDRA_FULL_ERROR=1
if [ -n "$dry" ]; then
    echo "${command[*]}"
    exit 0
fi
exec "${command[@]}"
