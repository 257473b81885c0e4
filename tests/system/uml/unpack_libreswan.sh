#!/bin/bash
# unpack_libreswan.sh FOLDER: puts Debian's libreswan, and what of its needs is not installed, into a
# folder of its own. It cannot be installed beside strongSwan.
set -euo pipefail
[ ! -x "$1/usr/libexec/ipsec/pluto" ] || exit 0
mkdir -p "$1"
folder=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for package in libreswan $(apt-cache depends libreswan | sed -n 's/^ *|\?Depends: \([^<]*\)$/\1/p'); do
  dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || echo "$package"
done | xargs apt-get -qq -o APT::Sandbox::User=root download
for archive in *.deb; do dpkg -x "$archive" "$folder"; done
