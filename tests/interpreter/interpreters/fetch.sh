#!/bin/sh
# Unpack interpreters of other machines, and the emulators to run them, from Debian packages into the cache of the tests.
# Nothing is installed: each machine has its own package lists in a temporary folder. This needs apt and dpkg, not root.
set -eu
cache=${WHEELARCH_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}}/wheelarch/interpreters
lists=$(mktemp -d)
trap 'rm -rf "$lists"' EXIT

fetch() {
  machine=$1; shift
  place=$lists/$machine
  mkdir -p "$place/state/lists/partial" "$place/cache/archives/partial" "$place/deb" "$cache/$machine"
  : > "$place/status"
  apt="apt-get -qq -o APT::Architecture=$machine -o APT::Architectures=$machine -o Dir::State=$place/state
       -o Dir::Cache=$place/cache -o Dir::State::status=$place/status"
  $apt update || true # a list without this machine is no problem
  (cd "$place/deb" && $apt download "$@")
  for package in "$place"/deb/*.deb; do dpkg -x "$package" "$cache/$machine"; done
}

fetch amd64 qemu-user-static pypy3 pypy3-lib libexpat1 libffi8 libncursesw6 libtinfo6 libbz2-1.0
for machine in i386 arm64 armhf armel s390x ppc64el mips64el; do
  fetch "$machine" python3.11-minimal libpython3.11-minimal libpython3.11-stdlib \
    libc6 libffi8 zlib1g libexpat1 libgcc-s1
done
# the base system has a link from /lib64 to /lib, but dpkg -x does not make it
mkdir -p "$cache/ppc64el/lib64" "$cache/mips64el/lib64"
ln -sf ../lib/powerpc64le-linux-gnu/ld64.so.2 "$cache/ppc64el/lib64/ld64.so.2"
ln -sf ../lib/mips64el-linux-gnuabi64/ld.so.1 "$cache/mips64el/lib64/ld.so.1"
