# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# What the scripts that test migcost on the emulated Xen pair share, besides tests/lab/lib-run.sh.
# Sourced.
# shellcheck source-path=SCRIPTDIR/../.. source=tests/lab/lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

XDG_RUNTIME_DIR=$runtime # pairs of this test's own
export XDG_RUNTIME_DIR
MIGCOST_LIBEXECDIR=$MIGCOST_LIBEXECDIR:$(cd "$top_srcdir/tests" && pwd)
export MIGCOST_LIBEXECDIR
xen_pair=$(cd "$top_srcdir/tests/xen" && pwd)/xen-pair
trap '"$xen_pair" down; tear_down' EXIT

# pair_is FILE: takes source and destination from what `xen-pair up` or `lab up --xen` has printed
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

# no_guests HOST: nobody but Domain-0
no_guests() {
  [ "$(on "$1" list --all --name | grep -c .)" = 1 ] || { on "$1" list --all; false; }
}

build_or_skip() { # OPTION...
  "$xen_pair" build "$@" >"$work/said" 2>&1
  case $? in
    0) ;;
    77) skip_all "$(tail -n 1 "$work/said")" ;;
    *) cat "$work/said"; echo 'Bail out! the image cannot be built'; exit 99 ;;
  esac
}
