#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Habits kept out of what users read: option descriptions begin in lower case, hold no full stop and
# are short; messages do without turns of phrase that are no English idiom.
. "$top_srcdir/tests/tap.sh"

# literals FILE...: FILE:LINE: TEXT for each string in C sources; adjacent literals are one,
# comments and #include lines are none.
literals() {
  awk '
    function flush() { if (held != "") print where held; held = "" }
    FNR == 1 { flush(); comment = 0 }
    /^#/ { next }
    {
      line = $0
      while (line != "") {
        if (comment) {
          if (!(at = index(line, "*/"))) next
          line = substr(line, at + 2); comment = 0
        } else if (match(line, /^[ \t]+/)) {
          line = substr(line, RLENGTH + 1)
        } else if (substr(line, 1, 2) == "/*") {
          comment = 1; line = substr(line, 3)
        } else if (match(line, /^"([^"\\]|\\.)*"/)) {
          if (held == "") where = FILENAME ":" FNR ": "
          held = held substr(line, 2, RLENGTH - 2)
          line = substr(line, RLENGTH + 1)
        } else if (match(line, /^\047(\\.|[^\\])\047/)) {
          flush(); line = substr(line, RLENGTH + 1)
        } else {
          flush(); line = substr(line, 2)
        }
      }
    }
    END { flush() }' "$@"
}

habits="is there|is none|see to|given again|be told"

no_habits() { # FOLDER
  find "$1" -name '*.c' | sort >"$work/sources"
  # shellcheck disable=SC2046 # no name has a space
  literals $(cat "$work/sources") >"$work/literals"
  [ -s "$work/literals" ] || { echo "no texts were found"; return 1; }
  not grep -E ": .*($habits)" "$work/literals"
}

# The options' descriptions, but for that of --help, which is GLib's.
descriptions() { # COMMAND
  "$migcost" "$1" --help | sed -nE '/--help /d; s/^  (-[a-z], )?--[a-z-]+(=[A-Z]+)? +//p'
}

well_described() { # DESCRIPTIONS
  awk '
    /\.( |$)/ { print "a full stop: " $0; bad = 1 }
    /^[A-Z][a-z]/ { print "begins in upper case: " $0; bad = 1 }
    length($0) > 70 { print "longer than 70: " $0; bad = 1 }
    END { exit bad }' "$1"
}

describes() { # COMMAND
  descriptions "$1" >"$work/descriptions"
  well_described "$work/descriptions"
}

commands=$("$migcost" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
check "there are commands" test -n "$commands"
check "and options" \
  test "$(for command in $commands; do descriptions "$command"; done | wc -l)" -gt 40
for command in $commands; do
  check "$command: its options are described in brief" describes "$command"
done
check "no message has an old habit" no_habits "$top_srcdir/src"

# Both can fail.
for bad in "Writes it" "writes it. Always" "writes it." "$(printf '%071d' 0)"; do
  echo "$bad" >"$work/bad"
  check "a description is refused: $bad" not well_described "$work/bad"
done
mkdir "$work/src"
cat >"$work/src/a.c" <<'END'
/* "is none" in a comment */
  f ('"', "fine",
     "the guest is th"
     "ere already");
END
check "a habit is found, also in two literals" not no_habits "$work/src"
sed -i 's/ere already/us ready/' "$work/src/a.c"
check "and nothing else is" no_habits "$work/src"
finish
