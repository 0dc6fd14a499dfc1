#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# quickstart: Ctrl-C in its run is no end of quickstart's: the report on what was measured is made.
. "$top_srcdir/tests/tap.sh"

# It without its last line, which calls all of it; nothing is installed or built.
{
  sed '$d' "$top_srcdir/quickstart"
  cat <<'END'
find_manager() { :; }
install_missing() { :; }
ensure_kernel() { :; }
ensure_qemu() { :; }
build() { :; }
main run
END
} >"$work/quickstart"

# A migcost whose run is interrupted together with all of the terminal's foreground.
cat >"$work/run" <<'END'
#!/bin/sh
while [ "${1#-o}" = "$1" ]; do
  [ "$1" != report ] || { echo "report on $2"; exit; }
  shift
done
mkdir -p "$2" && : >"$2/MANIFEST"
trap 'exit 1' INT
kill -INT 0
END
chmod +x "$work/run"

interrupted() {
  status=0
  timeout 60 env --default-signal=INT setsid -w sh "$work/quickstart" >"$work/out" 2>&1 || status=$?
  [ "$status" = 1 ] && contains "$work/out" "report on migcost-results/load-balancing-"
}

env --default-signal=INT true 2>/dev/null || skip_all "no env that resets signals"
check "a run that is interrupted has its report" interrupted
finish
