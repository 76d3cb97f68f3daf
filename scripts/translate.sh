#!/usr/bin/env bash
# collect: writes the texts to translate into every i18n/satfusion_*.ts.   compile: makes the .qm files from them.
# A tool that is not installed is named, and the step is skipped: translations are never needed to build or to test.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
shopt -s nullglob
sources=(i18n/satfusion_*.ts)

first_of() { # the first of these programs that is installed
    local name
    for name in "$@"; do command -v "$name" && return 0; done
    return 1
}

if [ ${#sources[@]} -eq 0 ]; then
    echo "translations: none yet (i18n/README.md says how to start one)"
    exit 0
fi
case "${1:-}" in
    collect)
        if ! tool=$(first_of pylupdate5 pylupdate6); then
            echo "translations: pylupdate5 is not installed (Debian package pyqt5-dev-tools): skipped"
            exit 0
        fi
        mapfile -d '' -t code < <(find satfusion_qgis -name '*.py' -print0 | sort -z)
        case "$tool" in
            *pylupdate5) "$tool" -noobsolete "${code[@]}" -ts "${sources[@]}" ;;
            *) for source in "${sources[@]}"; do "$tool" --no-obsolete "${code[@]}" --ts "$source"; done ;;
        esac
        ;;
    compile)
        if ! tool=$(first_of lrelease lrelease-qt5 lrelease6); then
            echo "translations: lrelease is not installed (Debian package qttools5-dev-tools): skipped"
            exit 0
        fi
        for source in "${sources[@]}"; do "$tool" -silent "$source" -qm "${source%.ts}.qm"; done
        ;;
    *)
        echo "usage: scripts/translate.sh collect|compile" >&2
        exit 2
        ;;
esac
