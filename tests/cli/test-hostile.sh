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
  for full in '' --full; do
    # shellcheck disable=SC2086 # an option, or nothing
    "$migcost" report $full "$work/result" >"$work/text" &&
      contains "$work/text" '[31mb' && not grep -q "$escape" "$work/text" || return 1
  done
}

exact_in_a_pipe() {
  "$migcost" report --format csv "$work/result" >"$work/csv" && contains "$work/csv" "c${csi}31m"
}

harmless_on_a_terminal() {
  script -qec "'$migcost' report --format csv '$work/result'" "$work/typescript" >/dev/null \
    </dev/null &&
    contains "$work/typescript" 'c 31m' && not grep -qF "$csi" "$work/typescript"
}

# --- names as formulas, as elements of a page, as commands

cp -r "$top_srcdir/tests/data/recorded-smoke" "$work/names"
chmod -R u+w "$work/names"
touched=$work/touched
label="=<i>cm'\$(touch $touched)\`touch $touched\`'"
for table in schedule runs parameters; do
  [ ! -e "$top_srcdir/tests/data/recorded-smoke/$table.csv" ] ||
    awk -v label="$label" \
      'BEGIN { FS = OFS = "," } { for (i = 1; i <= NF; i++) if ($i == "cm") $i = label; print }' \
      "$top_srcdir/tests/data/recorded-smoke/$table.csv" >"$work/names/$table.csv"
done

no_formula() {
  "$migcost" report --format csv "$work/names" >"$work/csv" && grep -qF "'=<i>cm" "$work/csv" &&
    not grep -q '^"*=' "$work/csv"
}

no_element() {
  (cd "$work" && "$migcost" report --format html "$work/names" >"$work/page" 2>"$work/err") &&
    grep -qF '=&lt;i&gt;cm' "$work/page" && not grep -qF '<i>cm' "$work/page"
}

no_command() { [ ! -e "$touched" ]; }

check "a case's name is no formula in CSV" no_formula
check "nor an element of a page" no_element
check "and no shell, nor gnuplot, runs it" no_command
check "an error message cannot control the terminal" harmless_message
check "nor can a study's title in a report" harmless_title
check "a pipe gets the very bytes of a label" exact_in_a_pipe
if command -v script >/dev/null; then
  check "a terminal does not" harmless_on_a_terminal
else
  skip "a terminal does not" "there is no script(1)"
fi
finish
