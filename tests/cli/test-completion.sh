#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What shells offer: every command, every option of each, studies, cases, values; in bash, zsh and
# fish.
. "$top_srcdir/tests/tap.sh"

recorded=$top_srcdir/tests/data/recorded-load-balancing
PATH=$(dirname "$migcost"):$PATH
HOME=$work
export PATH HOME

# offers WORDS... : what is offered for the last one, without meanings, sorted
offers() {
  "$migcost" complete "$@" | cut -f 1 | sort
}

commands_are_all() {
  "$migcost" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' | sort >"$work/expected"
  offers "" | grep -v '^-' >"$work/offered"
  diff "$work/expected" "$work/offered"
}

# Each option of --help, short and long, and nothing else.
options_are_all() { # COMMAND
  "$migcost" "$1" --help | sed \
    -n 's/^  \(-[a-z]\), \(--[a-z-]*\).*/\1\n\2/p; s/^  \(--[a-z-]*\).*/\1/p' |
    sort >"$work/expected"
  offers "$1" - >"$work/offered"
  [ -s "$work/expected" ] && diff "$work/expected" "$work/offered"
}

# is "LINES" WORDS...: exactly these are offered
is() {
  printf '%b\n' "$1" | sort >"$work/expected"
  shift
  offers "$@" >"$work/offered"
  diff "$work/expected" "$work/offered"
}

# has WORD WORDS...: this one is among them
has() {
  wanted=$1
  shift
  offers "$@" >"$work/offered"
  grep -qxF -- "$wanted" "$work/offered" || { cat "$work/offered"; false; }
}

all_studies() {
  for study in "$top_srcdir"/studies/*.xml; do
    has "$(basename "$study" .xml)" run "" || return
  done
}

nothing() {
  run "$migcost" complete "$@"
  [ "$status" = 0 ] && [ ! -s "$work/out" ]
}

# Every place that has a name in a command's help has values or is a number, a quantity, a URI or a VM.
places_are_known() {
  for command in $("$migcost" complete "" | cut -f 1 | grep -v '^-'); do
    "$migcost" "$command" --help |
      sed -n 's/^  .*\(--[a-z-]*\)=\([A-Z]*\) .*/\1 \2/p' >"$work/places"
    while read -r option place; do
      case $place in
        N | TIME | RATE | SIZE | URI | SHARE | PERCENT | VM | WHAT) continue ;;
        HOST) argument=$top_srcdir/tests/data/fleet.csv ;;
        CASE) [ "$command" = run ] && argument=single || argument=$recorded ;;
        *) argument= ;;
      esac
      # shellcheck disable=SC2086 # no argument where there is none
      "$migcost" complete "$command" $argument "$option" "" | grep -q . || {
        echo "$command $option=$place: nothing is offered"
        return 1
      }
    done <"$work/places"
  done
}

check "every command is offered" commands_are_all
for command in $("$migcost" complete "" | cut -f 1 | grep -v '^-'); do
  check "every option of $command is offered" options_are_all "$command"
done
check "values are offered wherever there are any" places_are_known
check "all studies are offered to run" all_studies
check "files too" has :files run ""
check "a beginning narrows it down" is "paper\n:files" run pa
check "cases of the study that is named" has cm run load-balancing --only ""
check "cases of the default study" has mm run --only ""
check "cases of a result directory" is "cc\ncm\nmc\nmm" compare "$recorded" "$recorded" --case ""
check "scales" is "1\n1/2\n1/4" run --scale ""
check "... to check" is "1\n1/2\n1/4" check --scale ""
check "formats of a report" is "csv\nhtml\njson\nmarkdown\npdf\ntext" report --format ""
check "formats of a comparison" is "html\njson\ntext" compare --format ""
check "alternatives of a plan" is "all\ncustomary\nnone" plan --alternatives ""
check "a value behind =" is "--format=pdf" report --format=p
check "a value behind a short option" is ":files" report -o ""
check "directories for a result" is ":directories" report ""
check "what the lab can be told" is "down\nstatus\nup" lab ""
check "behind -- there are no options" is ":files" run -- -
check "no third argument where there are two" nothing compare "$recorded" "$recorded" ""
check "the argument of report may be repeated" is ":directories" report "$recorded" ""
check "the last argument of watch may be repeated" nothing watch qemu:///system ""
check "a metric" has total_time_s compare --metric total
check "hosts of a fleet" has a plan "$top_srcdir/tests/data/fleet.csv" --empty ""
check "nothing for a command that is not there" nothing fly ""
check "a broken study says nothing" nothing run /nonexistent.xml --only ""

# --- the three shells: the same words reach the line that is typed

# in_bash WORD...: what bash would offer, as its words are split at '='
in_bash() {
  bash --norc -c '
    . "$1"; shift
    COMP_WORDS=(migcost "$@") COMP_CWORD=$#
    _migcost 2>/dev/null
    printf "%s\n" "${COMPREPLY[@]}"' bash "$top_srcdir/completion/migcost.bash" "$@"
}

in_fish() { # LINE
  fish --no-config -c "source '$top_srcdir/completion/migcost.fish'; complete -C '$1'" | cut -f 1
}

# zsh's own functions that show words are replaced by ones that print them.
in_zsh() { # WORD...
  zsh -f -c '
    file=$1; shift
    _describe() { print -l -- ${found%%:*} }
    _files() { print -- files $@ }
    compset() { }
    words=(migcost "$@"); CURRENT=$#words; PREFIX=$words[-1]
    source $file' zsh "$top_srcdir/completion/_migcost" "$@"
}

gives() { # "LINES" COMMAND...
  printf '%b\n' "$1" | sort >"$work/expected"
  shift
  "$@" | sort >"$work/offered"
  diff "$work/expected" "$work/offered"
}

if command -v bash >/dev/null; then
  check "bash: commands" gives "lab\nlist" in_bash l
  check "bash: options" gives "--format\n--fail-on-regression" in_bash compare --f
  check "bash: a value behind =" gives "json" in_bash report --format = j
  check "bash: all values behind =" gives "csv\nhtml\njson\nmarkdown\npdf\ntext" in_bash report --format =
  mkdir "$work/some" && : >"$work/some/file" && mkdir "$work/some/folder"
  check "bash: directories" gives "$work/some/folder" in_bash report "$work/some/f"
  check "bash: files" gives "$work/some/file\n$work/some/folder" in_bash report -o "$work/some/f"
  check "bash: spaces are quoted" gives 'm\\ rate=0\nm\\ rate=1\nm\\ rate=1920\nm\\ rate=3840
m\\ rate=7680\nm\\ rate=15360\nm\\ rate=30720' in_bash run dirty-rate --only 'm\ r'
  check "bash: what is quoted is understood" gives 1920 in_bash run dirty-rate --only 'm\ rate' = 19
else
  skip "bash" "bash is not installed"
fi
if command -v zsh >/dev/null; then
  check "zsh: commands" gives "lab\nlist" in_zsh l
  check "zsh: options" gives "--format\n--fail-on-regression" in_zsh compare --f
  check "zsh: a value behind =" gives "--format=json" in_zsh report --format=j
  check "zsh: directories" gives "files -/" in_zsh report ""
else
  skip "zsh" "zsh is not installed"
fi
if command -v fish >/dev/null; then
  check "fish: commands" gives "lab\nlist" in_fish "migcost l"
  check "fish: options" gives "--format\n--fail-on-regression" in_fish "migcost compare --f"
  check "fish: a value behind =" gives "--format=json" in_fish "migcost report --format=j"
  mkdir -p "$work/other/folder"
  check "fish: directories" gives "$work/other/folder/" in_fish "migcost report $work/other/f"
else
  skip "fish" "fish is not installed"
fi
finish
