# Sourced by every script: where things are, and the few words the scripts share.
# shellcheck shell=bash
set -euo pipefail

REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Programs that the set-up installs live in one folder, outside the repository,
# so that a fresh clone finds them again.
export TENGINE_TOOLS_DIR="${TENGINE_TOOLS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/tengine-tools}"
mkdir -p "$TENGINE_TOOLS_DIR"/{bin,build,log}

# scripts/tools/ installs what rust-toolchain.toml names. Left to itself, rustup would ask its
# server at every call for a target that came by another road, and stop where there is none.
export RUSTUP_AUTO_INSTALL=0

# cargo-leptos takes wasm-bindgen, tailwindcss and wasm-opt from PATH.
export PATH="$REPO/style/node_modules/.bin:$TENGINE_TOOLS_DIR/bin:$PATH"

# Where the build's output is. Cargo reads a relative CARGO_TARGET_DIR against the folder it
# runs in, which is the repository in every script.
# shellcheck disable=SC2034
case ${CARGO_TARGET_DIR:-} in
  "" ) TARGET_DIR=$REPO/target ;;
  /* ) TARGET_DIR=$CARGO_TARGET_DIR ;;
  *  ) TARGET_DIR=$REPO/$CARGO_TARGET_DIR ;;
esac

# Ctrl-C and a kill go through EXIT, where scripts put their cleaning up.
trap 'exit 130' INT
trap 'exit 143' TERM

say()  { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
fail() { printf '\033[1;31merror:\033[0m %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# within SECONDS CMD…: a time limit where the system has one to offer.
within() {
  if have timeout; then timeout "$@"; else shift; "$@"; fi
}

# logged NAME CMD…: keeps CMD's output in the log of that name.
logged() {
  local log=$TENGINE_TOOLS_DIR/log/$1.log
  shift
  "$@" >"$log" 2>&1 </dev/null
}

# quietly NAME CMD…: the same, but shows the log's end if CMD fails.
quietly() {
  local log=$TENGINE_TOOLS_DIR/log/$1.log
  logged "$@" && return
  printf -- '--- the end of %s\n' "$log" >&2
  tail -n 40 "$log" >&2
  return 1
}

# background CMD…: starts CMD at low priority, in a process group of its own, which ends
# with this script at the latest. One at a time.
background() {
  set -m
  nice -n 10 "$@" </dev/null &
  BACKGROUND=$!
  set +m
}

# Waits for it; answers as it did.
background_done() {
  local status=0
  wait "$BACKGROUND" || status=$?
  BACKGROUND=
  return "$status"
}

stop_background() { [ -z "${BACKGROUND:-}" ] || kill -- "-$BACKGROUND" 2>/dev/null || true; }
trap stop_background EXIT

# apt_install PACKAGE…: true if apt-get installed them; false, without a question,
# where there is no apt-get or it would ask for a password.
apt_install() {
  local root=()
  have apt-get || return 1
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || return 1
    root=(sudo -n)
  fi
  apt_get() { quietly "apt-$1" ${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -y "$@"; }
  apt_get update && apt_get install --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
}

# cargo_tool CRATE VERSION TIME [FLAG…]: installs a program from crates.io. A prebuilt
# one where cargo-binstall can fetch it, else built here with the FLAGs, at low priority.
cargo_tool() {
  local crate=$1 version=$2 time=$3
  shift 3
  if have cargo-binstall; then
    say "Installing $crate $version (prebuilt, seconds)"
    quietly "$crate" within 300 cargo binstall --no-confirm --disable-strategies compile \
      --root "$TENGINE_TOOLS_DIR" "$crate@$version" && return
  fi
  say "Building $crate $version (about $time on 2 cores)"
  # The folder stays where the build is interrupted, so that it goes on next time.
  local build=$TENGINE_TOOLS_DIR/build/$crate
  CARGO_TARGET_DIR=$build quietly "$crate" nice -n 10 \
    cargo install --root "$TENGINE_TOOLS_DIR" "$@" "$crate@$version" && rm -rf "$build"
}

# The system's Chromium, if it has one; a snap's cannot read a test's temporary folders.
chromium_path() {
  local name path
  for name in "${TENGINE_CHROMIUM:-}" chromium chromium-browser google-chrome; do
    path=$(command -v "$name") || continue
    case $path in /snap/*) continue ;; esac
    printf '%s\n' "$path"
    return
  done
}

# The folder of PostgreSQL's server programs. Debian and Homebrew keep them off PATH.
postgres_bin() {
  local bin
  for bin in "$(dirname "$(command -v initdb)")" "$(pg_config --bindir 2>/dev/null)" \
    /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin; do
    if [ -x "$bin/initdb" ] && [ -x "$bin/pg_ctl" ]; then
      printf '%s\n' "$bin"
      return
    fi
  done
}

# python_venv NAME FILE WHAT: the Python packages that FILE pins, in a virtual environment of their own
# among the tools.
python_venv() {
  local venv=$TENGINE_TOOLS_DIR/$1 wanted=$2 what=$3
  # The copy is made last: where it equals the file, the install was complete.
  cmp -s "$wanted" "$venv/requirements.txt" && [ -x "$venv/bin/python" ] && return

  python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null ||
    fail "Python 3.10 or newer is missing: install it with your system's package manager."
  # Debian keeps the module that makes environments in a package of its own.
  python3 -c 'import ensurepip, venv' 2>/dev/null || apt_install python3-venv ||
    fail "Python's venv module is missing: install python3-venv with your system's package manager."

  say "Installing $what (about half a minute)"
  quietly "$1" python3 -m venv --clear "$venv" &&
    quietly "$1" "$venv/bin/python" -m pip install --disable-pip-version-check -r "$wanted" ||
    fail "$what could not be installed: see the log above."
  cp "$wanted" "$venv/requirements.txt"
}
