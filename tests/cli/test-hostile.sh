#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What files, hosts and guests say does not reach a terminal as commands to it.
. "$top_srcdir/tests/tap.sh"

escape=$(printf '\033')
csi=$(printf '\302\233') # the same in one character, of C1
cp -r "$top_srcdir/tests/data/recorded-smoke" "$work/result"
chmod -R u+w "$work/result"
sed -i "s/^study_title=.*/study_title=a${escape}[31mb/" "$work/result/MANIFEST"
sed -i "s/,cm,/,c${csi}31m,/" "$work/result/"*.csv

harmless_message() {
  run "$migcost" "no${escape}[31mcommand"
  [ "$status" = 2 ] && contains "$work/err" 'no [31mcommand' && not grep -q "$escape" "$work/err"
}

harmless_title() {
  "$migcost" report "$work/result" >"$work/text" &&
    contains "$work/text" '[31mb' && not grep -q "$escape" "$work/text"
}

exact_in_a_pipe() {
  "$migcost" report --format csv "$work/result" >"$work/csv" && contains "$work/csv" "c${csi}31m"
}

harmless_on_a_terminal() {
  script -qec "'$migcost' report --format csv '$work/result'" "$work/typescript" >/dev/null </dev/null &&
    contains "$work/typescript" 'c 31m' && not grep -qF "$csi" "$work/typescript"
}

check "an error message cannot control the terminal" harmless_message
check "nor can a study's title in a report" harmless_title
check "a pipe gets the very bytes of a label" exact_in_a_pipe
if command -v script >/dev/null; then
  check "a terminal does not" harmless_on_a_terminal
else
  skip "a terminal does not" "there is no script(1)"
fi
finish
