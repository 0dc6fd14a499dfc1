#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Links in the documents lead to files and headings that exist, and README.md stays a page.
. "$top_srcdir/tests/tap.sh"
# shellcheck source-path=SCRIPTDIR/../.. source=tests/cli/links.sh
. "$top_srcdir/tests/cli/links.sh"

# The documents of the source tree alone: a tree that is worked in holds more.
mkdir "$work/tree"
(cd "$top_srcdir" && cp -R ./*.md doc "$work/tree")
check "every link leads to a file and a heading" no_broken_links "$work/tree"
check "README.md has at most 150 lines" test "$(wc -l <"$top_srcdir/README.md")" -le 150

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
