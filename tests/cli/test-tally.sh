#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# How check-all counts results, and that it says why a test failed.
# shellcheck source-path=SCRIPTDIR/../.. source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"
# shellcheck source=tests/tally.sh
. "$top_srcdir/tests/tally.sh"

cd "$work" || exit 99
mkdir -p tests/a
printf ':test-result: FAIL old\n' >tests/a/old.trs
touch -d '1 minute ago' tests/a/old.trs
touch -d '30 seconds ago' stamp
cat >tests/a/some.trs <<END
:test-result: PASS one
:test-result: FAIL two
:test-result: SKIP three # SKIP no network
:test-result: ERROR some - Bail out! no hosts
END
cat >tests/a/some.log <<END
ok 1 - one
PASS: tests/a/some 1 - one
# said of one
not ok 2 - two
FAIL: tests/a/some 2 - two
#   said of two
#   and $(printf '%0300d' 0)
ok 3 - three # SKIP no network
# said of three
Bail out! no hosts
END
printf ':test-result: PASS four\n' >tests/a/good.trs
printf 'ok 1 - four\n# said of four\n' >tests/a/good.log
printf ':test-result: ERROR crash - exited with status 139\n' >tests/a/crash.trs
printf 'ok 1 - one\n# said of one\nERROR: tests/a/crash - exited with status 139\n' >tests/a/crash.log
printf ':test-result: ERROR silent\n' >tests/a/silent.trs
printf 'nothing that is known\n' >tests/a/silent.log
cat >expected <<END
tests/a/crash: ERROR: tests/a/crash - exited with status 139
tests/a/silent: nothing that is known
tests/a/some: not ok 2 - two
#   said of two
#   and $(printf '%0192d' 0)
tests/a/some: Bail out! no hosts
END

says() { [ "$1" = "$2" ] || { echo "$2, expected $1"; false; }; }

failures stamp >failures
check "what passed since the stamp is counted" says 2 "$(tally stamp PASS XFAIL)"
check "what failed, too" says 4 "$(tally stamp FAIL XPASS ERROR)"
check "skips have their reasons" says 'tests/a/some: three # SKIP no network' "$(skipped stamp)"
check "of what failed the reasons are told, of nothing else" diff expected failures
finish
