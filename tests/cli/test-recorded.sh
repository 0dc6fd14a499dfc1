#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Results that migcost recorded on real hosts, committed with their environment
# (tests/data/README.md): reports of them stay what they are. MIG_UPDATE_GOLDEN=1 writes the
# expected reports anew.
. "$top_srcdir/tests/tap.sh"

data=$top_srcdir/tests/data

# The path of the result, which is said where it is not complete, is not the same everywhere.
same_report() { # NAME FORMAT SUFFIX
  full=
  [ "$2" != text ] || full=--full
  # shellcheck disable=SC2086 # an option, or nothing
  (cd "$data" && "$migcost" report "$1" --format "$2" $full) >"$work/report" || return 1
  [ -z "${MIG_UPDATE_GOLDEN-}" ] || cp "$work/report" "$data/$1.$3"
  diff -u "$data/$1.$3" "$work/report"
}

# The first screen: 24 lines of 80 columns, whatever the study.
same_screen() { # NAME
  (cd "$data" && "$migcost" report "$1") >"$work/screen" || return 1
  [ -z "${MIG_UPDATE_GOLDEN-}" ] || cp "$work/screen" "$data/$1.screen"
  diff -u "$data/$1.screen" "$work/screen"
}

fits_screen() {
  [ "$(wc -l <"$work/screen")" -le 24 ] && [ "$(LC_ALL=C.UTF-8 wc -L <"$work/screen")" -le 80 ]
}

# on a terminal: with bars, of blocks or, where the locale knows no more, of '#'
on_terminal() { # LOCALE NAME
  (cd "$data" && LC_ALL=$1 script -qec "'$migcost' report '$2'" /dev/null) </dev/null |
    tr -d '\r' >"$work/terminal"
}
blocks() {
  on_terminal C.UTF-8 recorded-load-balancing && grep -q '^mm .*█' "$work/terminal" &&
    not grep -q '#' "$work/terminal" && cp "$work/terminal" "$work/screen" && fits_screen
}
signs() {
  on_terminal C recorded-load-balancing && grep -q '^mm .*+-.*###' "$work/terminal" &&
    not grep -q '[^ -~]' "$work/terminal" && cp "$work/terminal" "$work/screen" && fits_screen
}

same_twice() { # NAME FORMAT
  "$migcost" report "$data/$1" --format "$2" >"$work/first" &&
    "$migcost" report "$data/$1" --format "$2" | cmp - "$work/first"
}

# readme_shows NAME: that result's first screen, as a block of code
readme_shows() {
  sed -n 's/^./    &/p' "$data/$1.screen" >"$work/block" &&
    sed -n '/^## What it looks like/,/^## [^W]/{/^    /p}' "$top_srcdir/README.md" | diff -u "$work/block" -
}

# MIG_FEW_RECORDED: of sanitizers, for which all would take half an hour; these have each kind of host
for directory in "$data"/recorded-*/; do
  name=$(basename "$directory")
  case ${MIG_FEW_RECORDED:+few}/$name in
    few/recorded-smoke | few/recorded-lab-quarter | few/recorded-kvm | few/recorded-xen-full) ;;
    few/*) continue ;;
  esac
  check "$name: the first screen" same_screen "$name"
  check "$name: ... fits" fits_screen
  check "$name: the text" same_report "$name" text txt
  check "$name: the CSV" same_report "$name" csv csv
  check "$name: the same JSON twice" same_twice "$name" json
  check "$name: its study can still be loaded" sh -c \
    "'$migcost' run '$directory/study.xml' --only no-such-case 2>&1 | grep -q 'has no case'"
done

check "bars on a terminal" blocks
check "... of ASCII" signs
check "--full is of the text" fails_with 2 "has all" "$migcost" report "$data/recorded-smoke" --full --format json

# A run that decided total time says of the paper's claims what it has left of the error for them: on
# the first screen as in the JSON.
claims_agree() { # VERDICT "NUMBER QUANTITY"
  "$migcost" report "$data/recorded-lab-quarter" --format json | tr -d '\n' | tr -s ' ' >"$work/json" &&
    grep -q "\"claims\" : \[" "$work/json" &&
    grep -q "\"conclusion\" : ${2%% *}, \"quantity\" : \"${2#* }\", \"statement\" : \"[^\"]*\", \"verdict\" : \"$1\"" \
      "$work/json" && tr '\n' ' ' <"$data/recorded-lab-quarter.screen" | grep -q "$1[^;]* ${2%% *} (${2#* }"
}
check "a claim that is refuted" claims_agree refuted "2 time"
check "... or undecided" claims_agree undecided "3 throughput"
ends_as() { # until decided, in 300 s of which 221 s are used
  grep -q '"ending" : { "until" : "decided", "time_limit_s" : 300.0, "time_used_s" : 220.8[0-9]*, "more_s" : 3345' \
    "$work/json"
}
check "... what ended it, and how much longer the rest takes" ends_as
check "no such end where the repetitions were fixed" sh -c \
  "! '$migcost' report '$data/recorded-smoke' --format json | grep -q '\"ending\"'"
check "no claims where the study tests none" sh -c \
  "! '$migcost' report '$data/recorded-smoke' --format json | grep -q '\"claims\"'"

check "recorded-smoke: the JSON" same_report recorded-smoke json json

# How the cases of a study with experiments migrate: in the JSON of each, in the text where it is not
# the default (recorded-kvm.txt), and beside the paper
migrates() { # CASE MEMBER VALUE
  "$migcost" report "$data/recorded-kvm" --format json | tr -d '\n' | tr -s ' ' >"$work/json" &&
    sed 's/"case" : /\n&/g' "$work/json" | grep "^\"case\" : \"$1\", \"experiment\"" |
    grep -q "\"migration\" : { [^}]*\"$2\" : \"$3\""
}
check "an experiment by TLS" migrates tls/m tls yes
check "... and one without" migrates copy/m tls no
check "... which copies disks" migrates copy/m copy_storage all
limited() {
  cp -R "$data/recorded-kvm-load-balancing" "$work/limited" && chmod -R u+w "$work/limited" &&
    sed -i 's/<migration /<migration tls="yes" bandwidth="10 MiB\/s" /' "$work/limited/study.xml" &&
    "$migcost" report --paper "$work/limited" | tr -s ' \n' '  ' >"$work/out" &&
    grep -q "; migrations: TLS yes, bandwidth limit 10 MiB/s; stop rule xen-4.4;" "$work/out"
}
check "TLS and a limit, beside the paper" limited

# The documents' figures are of these results: none is missing, and each can be read on a dark page
figures_are_there() {
  (cd "$top_srcdir" && grep -oh 'figures/[a-z0-9-]*[.]svg' README.md doc/*.md) |
    sort -u >"$work/figures"
  [ "$(wc -l <"$work/figures")" -ge 2 ] && while read -r figure; do
    contains "$top_srcdir/doc/$figure" 'fill="#ffffff"' || return 1
  done <"$work/figures"
}
check "the documents' figures" figures_are_there
check "README shows a first screen" readme_shows recorded-lab-quarter
finish
