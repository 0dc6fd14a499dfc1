#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Links in the documents lead to files and headings that exist, README.md stays a page, and the packages
# that documents name are those that quickstart installs.
. "$top_srcdir/tests/tap.sh"
# shellcheck source-path=SCRIPTDIR/../.. source=tests/cli/links.sh
. "$top_srcdir/tests/cli/links.sh"

# The documents of the source tree alone: a tree that is worked in holds more.
mkdir "$work/tree"
(cd "$top_srcdir" && cp -R ./*.md doc "$work/tree")
check "every link leads to a file and a heading" no_broken_links "$work/tree"
check "README.md has at most 150 lines" test "$(wc -l <"$top_srcdir/README.md")" -le 150

# packages COLUMN PURPOSE...: what quickstart installs, of its table, one a line; what only some releases have
# is left out
packages() {
  manager=$1
  shift
  sed -n "/^packages='/,/^'/p" "$top_srcdir/quickstart" | awk -v manager="$manager" -v purposes=" $* " '
    $1 == "#" { for (i = 3; i <= NF; i++) if ($i == manager) column = i - 1; next }
    index(purposes, " " $1 " ") && $column !~ /^[-?]/ { print $column }' | sort
}

# installed MANAGER FILE: what the document's command installs
installed() {
  awk -v manager="$1" '
    $1 == manager && $2 == "install" { on = 1; $1 = $2 = "" }
    on { more = sub(/\\$/, ""); for (i = 1; i <= NF; i++) if ($i != "") print $i; if (!more) exit }' "$2" | sort
}

# lists MANAGER FILE PURPOSE...
lists() {
  manager=$1 document=$top_srcdir/$2
  shift 2
  packages "$manager" "$@" >"$work/wanted"
  installed "$manager" "$document" >"$work/listed"
  [ -s "$work/wanted" ] && diff "$work/wanted" "$work/listed"
}

# names_all MANAGER FILE PURPOSE: somewhere in it
names_all() {
  for package in $(packages "$1" "$3"); do
    grep -qE "[ \`]$package[ \`]" "$top_srcdir/$2" || { echo "$2 does not name $package"; return 1; }
  done
}

check "README.md has the packages of Debian that quickstart installs" lists apt README.md build run
check "doc/install.md has those to build with" lists apt doc/install.md build
check "... of Fedora, too" lists dnf doc/install.md build
check "... and those to run with" names_all apt doc/install.md run
check "... of Fedora, too" names_all dnf doc/install.md run
packages apt run check >"$work/for-tests"
check "quickstart installs what TLS needs" grep -qx gnutls-bin "$work/for-tests"
check "... and tests of ssh" grep -qx openssh-client "$work/for-tests"

# The parts of the lab, by the table's first column and by the folder.
parts_of_lab() {
  sed -n '/^## Its parts/,/^## /s/^| \(`.*`\) |.*/\1/p' "$top_srcdir/doc/lab.md" | tr -d '` ' | tr ',' '\n' |
    sort >"$work/told"
  (cd "$top_srcdir/src/lab" && ls ./*.c) | sed 's#^\./##' | sort >"$work/there"
  diff "$work/told" "$work/there"
}
check "doc/lab.md has each file of src/lab, and no other" parts_of_lab

# It can fail.
mkdir "$work/bad"
cat >"$work/bad/a.md" <<'END'
# Of two words
[good](b.md), [good](#of-two-words), [good](b.md#b-2nd), [good](https://example.org/x)
[no file](c.md) and [no heading](b.md#c)
```
[code](c.md)
```
END
printf '# B (2nd)\n' >"$work/bad/b.md"
broken_links "$work/bad" | sed "s#^$work/bad/##" >"$work/found"
check "a link to no file is found, and one to no heading" \
  test "$(tr '\n' ' ' <"$work/found")" = "a.md: c.md a.md: b.md#c "
finish
