# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# What the scripts that test migcost on a pair of emulated hosts share, besides tests/lab/lib-run.sh.
# Sourced; the script sets kind: xen or kvm.
# shellcheck source-path=SCRIPTDIR/../.. source=tests/lab/lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

XDG_RUNTIME_DIR=$runtime # pairs of this test's own
export XDG_RUNTIME_DIR
MIGCOST_LIBEXECDIR=$MIGCOST_LIBEXECDIR:$(cd "$top_srcdir/tests" && pwd)
export MIGCOST_LIBEXECDIR
emulated_pair=$(cd "$top_srcdir/tests/${kind:?}" && pwd)/$kind-pair
trap '"$emulated_pair" down; tear_down' EXIT

# pair_up OPTION...: with the initramfs under test
pair_up() {
  "$emulated_pair" up --initrd "$work/bin/guest.cpio.gz" "$@" >"$work/pair" && pair_is "$work/pair"
}

# pair_is FILE: takes source and destination from what 'up' or `lab up` has printed
pair_is() {
  source=$(sed -n 's/^source *//p' "$1")
  destination=$(sed -n 's/^destination *//p' "$1")
  [ -n "$source" ] && [ -n "$destination" ] || { cat "$1"; false; }
}

on() { # source|destination VIRSH-COMMAND...
  [ "$1" = source ] && uri=$source || uri=$destination
  shift
  timeout 180 virsh -q -c "$uri" "$@"
}

# no_guests HOST: nobody but Domain-0, where there is one
no_guests() {
  [ -z "$(on "$1" list --all --name | grep . | grep -v '^Domain-0$')" ] ||
    { on "$1" list --all; false; }
}

# as somebody starts it who has files open, too
build_or_skip() { # OPTION...
  "$emulated_pair" build "$@" >"$work/said" 2>&1 6>&1 7>&1 8>&1 9>&1
  case $? in
    0) ;;
    77) skip_all "$(tail -n 1 "$work/said")" ;;
    *) cat "$work/said"; echo 'Bail out! the image cannot be built'; exit 99 ;;
  esac
}
