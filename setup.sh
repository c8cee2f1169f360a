#!/bin/sh
# Sets up .venv beside this file and runs something in it. Needs Python 3.11 to 3.13 and nothing else.
#   sh setup.sh demo            the program's demonstration; any other archiver command works the same way
#   sh setup.sh test            every test of the project
#   sh setup.sh check           lint and types
# PYTHON names another interpreter, VENV another place for the environment.
set -eu
cd "$(dirname "$0")"
python=${PYTHON:-python3}
venv=${VENV:-.venv}

command -v "$python" >/dev/null || { echo "setup.sh: $python is not installed" >&2; exit 2; }
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || {
  echo "setup.sh: $("$python" --version) is not one of 3.11, 3.12, 3.13; name one with PYTHON=" >&2
  exit 2
}
if ! [ -x "$venv/bin/pip" ]; then
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then # Debian keeps them in a package of their own
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      apt-get update -qq >&2 && apt-get install -y -qq --no-install-recommends python3-venv ca-certificates >&2
    else
      echo "setup.sh: this Python cannot make environments; on Debian: sudo apt-get install python3-venv" >&2
      exit 2
    fi
  fi
  "$python" -m venv --clear "$venv"
fi

case ${1:-demo} in
  test | check) lock=requirements-dev.txt ;;
  *) lock=requirements.txt ;;
esac
stamp=$venv/.installed-$lock
if [ "$(cat "$stamp" 2>/dev/null)" != "$PWD" ] || [ pyproject.toml -nt "$stamp" ] || [ "$lock" -nt "$stamp" ]; then
  "$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$lock" >&2
  "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . >&2
  echo "$PWD" >"$stamp"
fi

case ${1:-demo} in
  test)
    shift
    "$venv/bin/coverage" erase
    "$venv/bin/coverage" run -m pytest "$@"
    "$venv/bin/coverage" combine --quiet
    exec "$venv/bin/coverage" report
    ;;
  check)
    "$venv/bin/ruff" format --check .
    "$venv/bin/ruff" check .
    exec "$venv/bin/mypy"
    ;;
esac
exec "$venv/bin/archiver" "${@:-demo}"
