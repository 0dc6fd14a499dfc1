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
  if "$program" --version 2>/dev/null | grep -q "version $version\."; then
    formatter=$program
    break
  fi
done

on_code() { # COMMAND...: on all files of C
  (cd "$top_srcdir" && find src workloads tests -name '*.[ch]' -type f -exec "$@" {} +)
}

# scripts, those that are sourced too, but for what is made of others
on_scripts() { # COMMAND...
  (cd "$top_srcdir" && {
    find tests packaging -name '*.sh'
    grep -rlI '^#!/bin/\(ba\)\{0,1\}sh' quickstart run.in doc packaging tests \
      --exclude-dir=data --exclude-dir=corpus --exclude='*.[cho]' --exclude='*.log' --exclude='*.md'
  } | sort -u | tr '\n' '\0' | xargs -0 "$@")
}

on_pages() { # COMMAND...
  (cd "$top_srcdir" && find doc -name '*.[157]' -exec "$@" {} +)
}

# in characters, not bytes
no_long_lines() { # ON_FILES LINES: none of them matches
  "$1" env LC_ALL=C.UTF-8 grep -nE "$2" /dev/null >"$work/long"
  not grep . "$work/long"
}

is_formatted() {
  on_code "$formatter" --dry-run -Werror
}

check "no line of code is longer than 100 columns" no_long_lines on_code '^.{101,}'
# where a line holds a text in another language the shell cannot break it
check "no line of a script is longer than 120 columns" no_long_lines on_scripts '^.{121,}'
# a macro's arguments are one line
check "no line of a manual page's text is longer than 100" no_long_lines on_pages '^[^.].{100,}'
if [ -n "$formatter" ]; then
  check "the code is as clang-format leaves it" is_formatted
else
  skip "the code is as clang-format leaves it" "clang-format $version is not installed"
fi
finish
