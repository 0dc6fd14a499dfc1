#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What check-all makes of tests that fail: with hosts they are tried once more, if they are few.
# shellcheck source-path=SCRIPTDIR/../.. source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"

cd "$work" || exit 99
unset CI
# plays make: a script fails as often as the file beside its result says
cat >make <<'END'
#!/bin/sh
try() {
  left=$(cat "$1.fails")
  result=PASS
  [ "$left" = 0 ] || { result=FAIL; echo $((left - 1)) >"$1.fails"; }
  echo "tried $1" >>tried
  printf ':test-result: %s one\n' $result >"$1.trs"
  printf 'not ok 1 - one\n# said of try %s\n' "$left" >"$1.log"
  touch -d '1 minute' "$1.trs" # newer than what came before, whatever the clock resolves
  [ $result = PASS ]
}
scripts=
for word; do
  case $word in
    check) scripts=tests/unit/u ;;
    check-kvm) scripts=tests/kvm/k ;;
    check-xen) scripts=tests/xen/x ;;
    check-lab) scripts=tests/lab/l ;;
    TESTS=*) scripts=$(echo "${word#TESTS=}" | sed 's/[.]sh//g') ;;
  esac
done
status=0
for script in $scripts; do
  try $script || status=2
done
exit $status
END
chmod +x make

# check_all UNIT KVM XEN LAB: with tests that fail so often
check_all() {
  rm -rf tests tried
  mkdir -p tests/unit tests/kvm tests/xen tests/lab tests/faults
  echo "$1" >tests/unit/u.fails
  echo "$2" >tests/kvm/k.fails
  echo "$3" >tests/xen/x.fails
  echo "$4" >tests/lab/l.fails
  run env MAKE="$work/make" "$top_srcdir/tests/check-all" "$top_srcdir"
}

ends() { # STATUS LAST-LINE TRIES
  exits "$1" && [ "$(tail -n 1 out)" = "$2" ] && [ "$(wc -l <tried)" = "$3" ] || { cat out err tried; return 1; }
}

check_all 0 0 0 0
check "all pass" ends 0 "4 passed, 0 failed, 0 skipped" 4
check "... none is tried twice" [ "$(grep -c "second try" err)" = 0 ]
check_all 0 1 0 1
check "two that need hosts fail once: they are tried again, and pass" ends 0 "4 passed, 0 failed, 0 skipped" 6
check "... what failed is told" contains err "# said of try 1"
check "... and what counts" contains err "second try of tests/kvm/k.sh tests/lab/l.sh"
check_all 0 0 2 0
check "one fails twice: it has failed" ends 1 "3 passed, 1 failed, 0 skipped" 5
check_all 0 1 1 1
check "three fail: none is tried again" ends 1 "1 passed, 3 failed, 0 skipped" 4
check_all 1 0 0 0
check "one that needs no hosts is not tried again" ends 1 "3 passed, 1 failed, 0 skipped" 4
finish
