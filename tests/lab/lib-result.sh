# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154 # $result and $work are the script's
# What a result directory says, for the scripts that ask it: that of $result. Sourced.

# query TABLE PROGRAM [NAME=VALUE...]: awk's, of each row; $at["NAME"] is its cell in that column
query() {
  table=$1
  program=$2
  shift 2
  awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } '"$program" "$@" "$result/$table.csv"
}

# column TABLE NAME [CONDITION-COLUMN VALUE]: the cells of a column, one a line
column() {
  awk -F, -v name="$2" -v by="${3-}" -v value="${4-}" '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; if (!at[name] || (by && !at[by])) exit 1; next }
    !by || $at[by] == value { print $at[name] }' "$result/$1.csv"
}

holds() { # TABLE COLUMN TEXT: its cells, in one line
  cells=$(column "$1" "$2" | paste -s -d ' ')
  [ "$cells" = "$3" ] || { echo "$1.$2: '$cells', expected '$3'"; return 1; }
}

all_are() { # VALUE TABLE COLUMN: there are cells, and all of them are this
  [ -n "$(column "$2" "$3")" ] && [ -z "$(column "$2" "$3" | grep -vx -- "$1")" ] ||
    { cat "$result/$2.csv"; false; }
}

has_rows() { # NUMBER TABLE
  [ "$(column "$2" run | wc -l)" = "$1" ] || { cat "$result/$2.csv"; false; }
}

statuses() { # STATUS NUMBER: so many runs have it
  [ "$(column runs status status "$1" | wc -l)" = "$2" ] || { cat "$result/runs.csv"; false; }
}

migration_has() { # CASE COLUMN VALUE: the only migration of a case
  [ "$(column migrations "$2" run "$(column runs run case_label "$1")")" = "$3" ] ||
    { cat "$result/migrations.csv"; false; }
}

overlap() { # the two migrations of the first step were under way together
  query migrations '
    $at["step"] == 1 { if ($at["start_ns"] > latest) latest = $at["start_ns"]
                       if (!earliest || $at["end_ns"] < earliest) earliest = $at["end_ns"]; n++ }
    END { exit !(n == 2 && latest < earliest) }'
}

# downtimes_are CONDITION: awk's, of each of two migrations: of its downtime as reported, by events
# and by its guest's silence, in ns. What the hypervisor does not tell is empty.
downtimes_are() {
  query migrations '
    { reported = $at["downtime_reported_ns"]
      events = $at["resumed_ns"] == "" ? "" : $at["resumed_ns"] - $at["suspended_ns"]
      silence = $at["first_destination_heartbeat_ns"] - $at["last_source_heartbeat_ns"]
      printf "%s: reported %d, events %d, silence %d ms\n", $at["guest"], reported / 1e6, events / 1e6, silence / 1e6
      if (!('"$1"')) bad = 1 }
    END { exit bad || NR != 3 }'
}

# fact HOST NAME: of the environment; empty where it is not known
fact() {
  sed -n "s/^$1,$2,\"*\\([^\",]*\\).*/\\1/p" "$result/environment.csv"
}

has_fact() { # HOST NAME: it is not empty
  [ -n "$(fact "$1" "$2")" ] || { cat "$result/environment.csv"; false; }
}
