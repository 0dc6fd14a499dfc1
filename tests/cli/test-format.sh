#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# How the code looks: .clang-format, by the version it is written for; others format some things
# differently.
# shellcheck source=SCRIPTDIR/../tap.sh
. "$top_srcdir/tests/tap.sh"

version=14
formatter=
for program in clang-format-$version clang-format; do
  if "$program" --version 2>/dev/null | grep -q "version $version\."; then formatter=$program &&
    break; fi
done

on_code() { # COMMAND...: on all files of C
  (cd "$top_srcdir" && find src workloads tests -name '*.[ch]' -type f -exec "$@" {} +)
}

# in characters, not bytes
no_long_lines() {
  on_code env LC_ALL=C.UTF-8 grep -nE '^.{101,}' >"$work/long"
  not grep . "$work/long"
}

is_formatted() {
  on_code "$formatter" --dry-run -Werror
}

check "no line of code is longer than 100 columns" no_long_lines
if [ -n "$formatter" ]; then
  check "the code is as clang-format leaves it" is_formatted
else
  skip "the code is as clang-format leaves it" "clang-format $version is not installed"
fi
finish
