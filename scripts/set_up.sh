#!/usr/bin/env bash
# Makes this checkout ready for work; safe to run again at any time (a run with nothing to do takes well under 1 s).
#   1. system packages: those of scripts/system-packages.txt that are missing, by apt
#   2. .venv         QGIS's interpreter with its packages, the test and lint tools, and this checkout
#   3. .venv-engine  a plain interpreter with numpy, for what must run outside QGIS too
# SYSTEM_PYTHON names QGIS's interpreter where it is not /usr/bin/python3.
set -euo pipefail
unset PYTHONHOME PYTHONPATH VIRTUAL_ENV

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root"
python=${SYSTEM_PYTHON:-/usr/bin/python3}

say() { printf 'set-up: %s\n' "$*"; }
fail() { printf 'set-up: %s\n' "$*" >&2; exit 1; }

missing_packages() {
    local wanted installed
    wanted=$(sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' scripts/system-packages.txt | sort -u)
    # shellcheck disable=SC2086  # one argument per package
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed //p' | sort -u || true)
    comm -23 <(printf '%s\n' "$wanted") <(printf '%s\n' "$installed") | tr '\n' ' '
}

install_system_packages() {
    local missing as_root=()
    if ! command -v dpkg-query >/dev/null; then
        "$python" -c 'import numpy, osgeo.gdal, qgis.core' 2>/dev/null || fail "this is no Debian system: install QGIS 3.22 or later" \
            "with its Python bindings, GDAL and numpy, and name its interpreter in SYSTEM_PYTHON ($python cannot import them)."
        return
    fi
    missing=$(missing_packages)
    [ -n "${missing// /}" ] || return 0
    local command="apt-get install -y --no-install-recommends ${missing% }"
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null && sudo -n true 2>/dev/null \
            || fail "system packages are missing and this user may not install them; run: sudo apt-get update && sudo $command"
        as_root=(sudo -n)
    fi
    say "installing system packages: $missing"
    # dpkg needs the sbin folders, which a user's PATH may lack.
    as_root+=(env "PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin" DEBIAN_FRONTEND=noninteractive)
    "${as_root[@]}" apt-get update -q || say "apt-get update failed in part; trying to install all the same"
    # shellcheck disable=SC2086  # one argument per word
    "${as_root[@]}" ${command/install/-q -o DPkg::Lock::Timeout=600 install} \
        || fail "apt could not install the system packages; run: $command"
}

# environment FOLDER REQUIREMENTS VENV-OPTION...: makes FOLDER from the requirements, or leaves it when its stamp is right.
# The stamp has two lines: what the environment was made from (a change remakes it), and what was put into it.
environment() {
    local folder=$1 requirements=$2 made_from content
    shift 2
    made_from="$root $python $("$python" -c 'import sys; print(sys.version.split()[0], sys.prefix)') $*"
    content=$(cat requirements/*.txt scripts/set_up.sh pyproject.toml setup.py | sha256sum | cut -d ' ' -f 1)
    [ "$(cat "$folder/.stamp" 2>/dev/null)" = "$made_from"$'\n'"$content" ] && return 0
    if [ "$(head -n 1 "$folder/.stamp" 2>/dev/null)" != "$made_from" ]; then
        say "making $folder"
        rm -rf "$folder"
        "$python" -m venv "$@" "$folder"
    fi
    rm -f "$folder/.stamp"
    say "installing $requirements into $folder"
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check -r "$requirements" \
        || fail "pip could not install $requirements"
    "check_${folder//[^a-z]/_}"
    printf '%s\n%s\n' "$made_from" "$content" >"$folder/.stamp"
}

check__venv() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . \
        || fail "pip could not install this checkout into .venv"
    QT_QPA_PLATFORM=offscreen .venv/bin/python -c 'import qgis.core; from osgeo import gdal_array' \
        || fail ".venv cannot import QGIS and GDAL (is $python the interpreter that QGIS uses?)"
}

check__venv_engine() {
    .venv-engine/bin/python -c 'import numpy' || fail ".venv-engine cannot import numpy"
}

install_system_packages
[ -x "$python" ] || fail "there is no interpreter $python; name QGIS's interpreter in SYSTEM_PYTHON"
mkdir -p build
exec 9>build/set_up.lock
! command -v flock >/dev/null || flock 9   # two make commands at the same time take turns
environment .venv requirements/qgis.txt --system-site-packages
environment .venv-engine requirements/engine.txt
