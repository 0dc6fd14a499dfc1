#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every command: --help, exit status, nothing on standard output when it fails.
. "$top_srcdir/tests/tap.sh"

commands=$("$migcost" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')

has_help() {
  run "$migcost" "$1" --help
  [ "$status" = 0 ] && contains "$work/out" "Usage:" && [ ! -s "$work/err" ]
}

in_man_page() {
  contains "$top_srcdir/doc/migcost.1" ".Ss migcost $1"
}

# every option of --help stands in the manual page, as "\-\-name" in its command's section
options_documented() {
  "$migcost" "$1" --help | sed -n 's/^ *\(-[a-z], \)\{0,1\}--\([a-z-]*\).*/\2/p' | grep -v '^help$' >"$work/options"
  sed -n "/^\.Ss migcost $1\$/,/^\.S[hs] /p" "$top_srcdir/doc/migcost.1" >"$work/section"
  while read -r option; do
    grep -q -- "^\.It Fl .*-$option\b\|^\.It Fl -$option\b" "$work/section" || { echo "--$option is not in migcost(1)"; return 1; }
  done <"$work/options"
}

# and the other way round
options_exist() {
  "$migcost" "$1" --help >"$work/help"
  sed -n "/^\.Ss migcost $1\$/,/^\.S[hs] /p" "$top_srcdir/doc/migcost.1" |
    sed -n 's/^\.It Fl .*-\([a-z-]*\)\( .*\)\{0,1\}$/\1/p' >"$work/options"
  while read -r option; do
    grep -q -- "--$option" "$work/help" || { echo "migcost(1) has --$option, migcost $1 has not"; return 1; }
  done <"$work/options"
}

check "there are commands" test -n "$commands"
for command in $commands; do
  check "$command --help" has_help "$command"
  check "$command is in migcost(1)" in_man_page "$command"
  check "the options of $command are in migcost(1)" options_documented "$command"
  check "migcost(1) has no option that $command has not" options_exist "$command"
  check "$command refuses an unknown option" fails_with 2 "--no-such-option" "$migcost" "$command" --no-such-option
  check "$command refuses too many arguments" fails_with 2 "one argument too many" "$migcost" "$command" a b c
done
check "no command" fails_with 2 "no command given" "$migcost"
check "an unknown command" fails_with 2 "there is no command 'fly'" "$migcost" fly
run "$migcost" --version
check "--version" contains "$work/out" "migcost "
run "$migcost" list
for study in "$top_srcdir"/studies/*.xml; do
  name=$(basename "$study" .xml)
  check "list names study $name" contains "$work/out" "  $name "
done
finish
