# Sourced by tools/start and tools/test: brings the Debian packages that are missing, as root or through sudo, without
# a question. Where there is no apt it says what to install and goes on.

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif ! command -v sudo >/dev/null; then
    echo "This needs root: run it as root, install sudo, or do this yourself: $*" >&2
    return 1
  elif [ -t 0 ]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

# bring PACKAGE…: installs those that are not there; the network is only asked when something is missing.
bring() {
  local missing=() package
  if ! command -v apt-get >/dev/null; then
    echo "No apt-get here. Needed, by Debian's names: $*" >&2
    return 0
  fi
  for package in "$@"; do
    if [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
      missing+=("$package")
    fi
  done
  if [ ${#missing[@]} -gt 0 ]; then
    echo "Installing ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
  fi
}

# What building takes: a C compiler and OpenSSL for SQLCipher, npm for the typeface of the pages.
bring_what_building_takes() {
  if ! command -v cargo >/dev/null; then
    echo "Rust is not installed; see https://rustup.rs" >&2
    return 1
  fi
  bring build-essential pkg-config libssl-dev
  # Debian's npm conflicts with a nodejs from elsewhere, which brings its own.
  command -v node >/dev/null || bring nodejs
  command -v npm >/dev/null || bring npm
  # SQLCipher uses the system's OpenSSL instead of building one, which takes minutes (docs/decisions/0006).
  export OPENSSL_NO_VENDOR=1
}
