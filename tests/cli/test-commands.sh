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

# options_of_help COMMAND, options_of_page COMMAND: its options, one a line, as "-o, --output=DIR"
options_of_help() {
  "$migcost" "$1" --help | sed -n 's/^  \(-[a-z], \)\{0,1\}\(--[a-z-]*\)\(=[A-Z]*\)\{0,1\}.*/\1\2\3/p' |
    grep -v -- '--help$' | sort
}

options_of_page() { # from .It Fl o , Fl Fl output Ns = Ns Ar DIR
  sed -n "/^\.Ss migcost $1\$/,/^\.S[hs] /p" "$top_srcdir/doc/migcost.1" |
    sed -n '/^\.It /{
      s/^\.It //
      s/ , Fl Fl /, Fl Fl /
      s/Fl Fl /--/
      s/^Fl /-/
      s/ Ns = Ns Ar /=/
      p
    }' | sort
}

same_options() { # COMMAND
  options_of_help "$1" >"$work/help"
  options_of_page "$1" >"$work/page"
  diff "$work/help" "$work/page"
}

clean_page() {
  mandoc -T lint -W warning "$top_srcdir/doc/migcost.1"
}

many=$(seq 100)
check "there are commands" test -n "$commands"
for command in $commands; do
  check "$command --help" has_help "$command"
  check "$command is in migcost(1)" in_man_page "$command"
  check "migcost(1) has the options that $command has, with the same values" same_options "$command"
  check "$command refuses an unknown option" fails_with 2 "--no-such-option" "$migcost" "$command" --no-such-option
  # shellcheck disable=SC2086 # 100 arguments
  check "$command refuses too many arguments" fails_with 2 "one argument too many" "$migcost" "$command" $many
done
if command -v mandoc >/dev/null; then
  check "mandoc finds nothing to warn of in migcost(1)" clean_page
else
  skip "mandoc finds nothing to warn of in migcost(1)" "mandoc is not installed"
fi
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
