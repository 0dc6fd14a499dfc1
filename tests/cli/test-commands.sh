#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every command: --help, exit status, nothing on standard output when it fails.
. "$top_srcdir/tests/tap.sh"

commands=$("$migcost" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')

has_help() {
  run "$migcost" "$1" --help
  [ "$status" = 0 ] && contains "$work/out" "Usage:" && [ ! -s "$work/err" ]
}

# A page of its own, installed, that migcost(1) names.
has_page() {
  contains "$top_srcdir/doc/migcost-$1.1" ".Nm migcost-$1" &&
    contains "$top_srcdir/doc/migcost.1" ".It Xr migcost-$1 1" &&
    contains "$top_srcdir/doc/module.mk" "doc/migcost-$1.1 "
}

# options_of_help COMMAND, options_of_page COMMAND: its options, one a line, as "-o, --output=DIR"
options_of_help() {
  "$migcost" "$1" --help | sed \
    -n 's/^  \(-[a-z], \)\{0,1\}\(--[a-z-]*\)\(=[A-Z]*\)\{0,1\}.*/\1\2\3/p' |
    grep -v -- '--help$' | sort
}

options_of_page() { # from .It Fl o , Fl Fl output Ns = Ns Ar DIR
  sed -n '/^\.Sh OPTIONS$/,/^\.Sh EXIT/{
    /^\.It /{
      s/^\.It //
      s/ , Fl Fl /, Fl Fl /
      s/Fl Fl /--/
      s/^Fl /-/
      s/ Ns = Ns Ar /=/
      p
    }
  }' "$top_srcdir/doc/migcost-$1.1" | sort
}

same_options() { # COMMAND
  options_of_help "$1" >"$work/help"
  options_of_page "$1" >"$work/page"
  diff "$work/help" "$work/page"
}

# There is no page of a command that there is not.
only_commands_have_pages() {
  for page in "$top_srcdir"/doc/migcost-*.1; do
    name=$(basename "$page" .1)
    printf '%s\n' "$commands" | grep -qx "${name#migcost-}" ||
      { echo "$page: of which command?"; return 1; }
  done
}

clean_pages() {
  mandoc -T lint -W warning "$top_srcdir"/doc/*.[157]
}

# What man(1) shows, drawn by groff with all its warnings.
clean_for_man() {
  for page in "$top_srcdir"/doc/*.[157]; do
    groff -k -ww -mandoc -Tutf8 "$page" >"$work/shown" 2>"$work/warnings"
    [ -s "$work/shown" ] && [ ! -s "$work/warnings" ] || {
      echo "$page:"
      cat "$work/warnings"
      return 1
    }
  done
}

# Pages that a page refers to are there.
known_pages() {
  sed -n 's/^\.\(It \)\{0,1\}Xr \(migcost[a-z-]*\) \([157]\).*/\2.\3/p' "$top_srcdir"/doc/*.[157] |
    sort -u |
    while read -r page; do
      [ -f "$top_srcdir/doc/$page" ] || { echo "there is no $page"; exit 1; }
    done
}

# What README, CONTRIBUTING and doc/ name of the source tree is there: files, folders, patterns; but
# for what make check-arm64 makes.
named_files() {
  for document in README.md CONTRIBUTING.md doc/*.md; do
    grep -oE -e '`[^` ]+`|\]\([^) ]+\)' \
      -e '\b(src|doc|tests|workloads|studies|domains|packaging)/[A-Za-z0-9_./*-]+' "$document" |
      tr -d '`' | sed -nE 's/[.,:]+$//; /NAME/d; /lab\/arm64/d; s|^\]\(([a-z-]+\.md)(#.*)?\)|doc/\1|
        /^(src|doc|tests|workloads|studies|domains|packaging)\//p' | sort -u | sed "s|^|$document |"
  done
}

documents_name_files() {
  (cd "$top_srcdir" && named_files) >"$work/named"
  [ "$(wc -l <"$work/named")" -gt 50 ] || { echo "too few were found"; return 1; }
  while read -r document pattern; do
    # shellcheck disable=SC2086 # a pattern
    (cd "$top_srcdir" && ls -d $pattern) >/dev/null 2>&1 || (cd "$top_builddir" &&
      ls -d $pattern) >/dev/null || {
      echo "$document names $pattern"
      return 1
    }
  done <"$work/named"
}

# What --resume refuses beside it, as it says itself and as migcost-run(1) does.
same_refusal() {
  run "$migcost" run --resume "$work" --seed 1
  sed -n 's/.*cannot be combined with//p' "$work/err" | grep -o -e '--[a-z-]*' | sort >"$work/said"
  sed -n '/^\.It Fl Fl resume /,/cannot be combined with it/s/^\.Fl Fl \([a-z-]*\).*/--\1/p' \
    "$top_srcdir/doc/migcost-run.1" | sort >"$work/page"
  [ -s "$work/said" ] && diff "$work/said" "$work/page"
}

# The members of the report as JSON: by its schema, which tests/cli/test-recorded.sh holds reports
# to, and in migcost-results(5).
same_members() {
  sed -n '/^  "properties"/,/^  }/s/^    "\([a-z_]*\)": {.*/\1/p' \
    "$top_srcdir/doc/report.schema.json" | sort >"$work/schema"
  sed -n '/^\.Ss JSON$/,/^\.Sh /s/^\.It Ql //p' "$top_srcdir/doc/migcost-results.5" |
    tr -s ' ,' '\n' | sort >"$work/page"
  [ "$(wc -l <"$work/schema")" -gt 30 ] && diff "$work/schema" "$work/page"
}

# The guests' workloads, wherever they are listed.
workloads_listed() {
  "$migcost" list | sed -n '/^Workloads/,/^$/s/^  \([a-z]*\) .*/\1/p' >"$work/workloads"
  [ "$(wc -l <"$work/workloads")" -ge 4 ] || { cat "$work/workloads"; return 1; }
  row=$(grep '^| `WORKLOAD` ' "$top_srcdir/doc/protocol.md")
  while read -r name; do
    echo "$row" | grep -F "\`$name\`" || { echo "doc/protocol.md lacks $name"; return 1; }
  done <"$work/workloads"
}

# The study that doc/hosts-xen.md has made: the bundled one, each of its guests PVH.
makes_pvh_study() {
  command=$(sed -n "s/^ *\(sed 's|<guest .*\) >pvh.xml$/\1/p" "$top_srcdir/doc/hosts-xen.md")
  [ -n "$command" ] && (cd "$top_srcdir" && sh -c "$command") >"$work/pvh.xml" &&
    [ "$(grep -c '<guest .*template="xen-pvh"' "$work/pvh.xml")" = 4 ] &&
    "$migcost" run "$work/pvh.xml" --only no-such-case 2>&1 | grep 'has no case'
}

many=$(seq 100)
check "there are commands" test -n "$commands"
for command in $commands; do
  check "$command --help" has_help "$command"
  check "$command has a page, which migcost(1) names" has_page "$command"
  check "README has $command in its table" contains "$top_srcdir/README.md" "| \`migcost $command"
  check "migcost-$command(1) has the options that $command has, with the same values" \
    same_options "$command"
  check "$command refuses an unknown option" \
    fails_with 2 "--no-such-option" "$migcost" "$command" --no-such-option
  # shellcheck disable=SC2086 # 100 arguments
  check "$command refuses too many arguments" \
    fails_with 2 "unexpected argument" "$migcost" "$command" $many
done
if command -v mandoc >/dev/null; then
  check "mandoc finds nothing to warn of in the manual pages" clean_pages
else
  skip "mandoc finds nothing to warn of in the manual pages" "mandoc is not installed"
fi
if command -v groff >/dev/null; then
  check "man finds nothing to warn of in the manual pages" clean_for_man
else
  skip "man finds nothing to warn of in the manual pages" "groff is not installed"
fi
check "only commands have pages" only_commands_have_pages
check "pages that pages refer to are there" known_pages
check "files that the documents name are there" documents_name_files
check "what --resume refuses is what migcost-run(1) says" same_refusal
check "migcost-results(5) has the members of the JSON report" same_members
check "doc/protocol.md has all workloads" workloads_listed
check "doc/hosts-xen.md makes a study of PVH guests" makes_pvh_study
check "no command" fails_with 2 "no command given" "$migcost"
check "an unknown command" fails_with 2 "unknown command 'fly'" "$migcost" fly
run "$migcost" --version
check "--version" contains "$work/out" "migcost "
run "$migcost" list
for study in "$top_srcdir"/studies/*.xml; do
  name=$(basename "$study" .xml)
  check "list names study $name" contains "$work/out" "  $name "
done
finish
