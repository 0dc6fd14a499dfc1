#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# doc/execution.md: what an operator reads while one of three hosts is emptied, with guests that move, one that
# cannot, one that a colleague migrates, one that its owner ends meanwhile. The document is compared with
# what is said here, but for figures; MIG_UPDATE_GOLDEN=1 writes it anew.
# shellcheck source-path=SCRIPTDIR source=lib-execute.sh
. "$(dirname "$0")/lib-execute.sh"

hosts=3
names="web mail db store"
web=cpu
db="memory wss=2000000 rate=400" # so much that a very slow migration of it never ends
document=$top_srcdir/doc/execution.md

# named NAME: as in lib-execute.sh; with a UUID that the document has
named() {
  case $1 in web) n=1 ;; mail) n=2 ;; db) n=3 ;; *) n=4 ;; esac
  sed "s#<name>.*#<name>$1</name><uuid>5a3ac0de-0000-4000-8000-00000000000$n</uuid>#
    s/panic=-1/& -- $(workload_of "$1") period=100ms/" "$work/guest.xml" >"$work/$1.xml"
}

clash() { # an old domain has the name of one of them, where that is to go
  sed 's#<uuid>.*</uuid>##' "$work/store.xml" >"$work/old.xml" && virsh_on 1 1 define "$work/old.xml"
}

make_persistent() { # NAME...: their host starts them
  for name; do persist 1 0 "$name" || return 1; done
}

power_off() { # LINE: its owner ends the one that moves first, while it does
  [ ! -e "$work/first" ] || return 0
  case $1 in
    "moving '"*)
      echo "$1" | cut -d "'" -f 2 >"$work/first"
      virsh_on 1 0 destroy "$(cat "$work/first")"
      ;;
  esac
}

# --- the document

# as_read: what was said, with the hosts' names in the place of where the lab has them
as_read() {
  set --
  for host in $(each_host); do
    name=$(letter "$host")
    set -- "$@" "$(lab_get 1 "uri$host")" "qemu+ssh://$name/system" "$(lab_get 1 "peer$host")" \
      "qemu+tls://$name/system" "$(lab_get 1 "migrate$host")" "tcp://$name"
  done
  set -- "$@" "$work/results/" ''
  awk '
    BEGIN {
      for (i = 1; i + 1 < ARGC; i += 2) { from[++n] = ARGV[i]; to[n] = ARGV[i + 1]; ARGV[i] = ARGV[i + 1] = "" }
    }
    {
      for (i = 1; i <= n; i++)
        while ((at = index($0, from[i])))
          $0 = substr($0, 1, at - 1) to[i] substr($0, at + length(from[i]))
      if (/VIR_MIGRATE|driven by/) gsub(/   +/, "  ") # a table that is wider in the lab
      print
    }' "$@"
}

# keep NAME: what was said just now is the document's part of that name
keep() {
  cat "$work/err" "$work/out" | as_read >"$work/said-$1"
}

# part NAME: of the document
part() {
  sed -n "/^<!-- $1 -->\$/,/^<!-- end of $1 -->\$/p" "$document" | sed '1,2d' | sed '$d' | sed '$d'
}

# words: to be compared: without figures, how lines are broken, and what a guest's dirty rate happens
# to tell of its working set
words() {
  sed -E 's/[0-9]+(\.[0-9]+)?( (ms|s|min|h|[KMGTk]?i?B)(\/s)?| pages\/s)?\b/N/g' | tr -s ' \n' ' ' |
    sed -E "s/guest '[a-z]+' updated N in [^:]*: [^:]* down to what was seen //g
      s/guest '[a-z]+' updates its whole working set within N: [^:]* the assumed N //g
      s/ N \\(at least N\\)/ N/g" | tr ' ' '\n'
}

# in_order: guests are listed as libvirt has them, in any order
in_order() {
  awk '
    listed && NF > 0 { rows[++n] = $0; next }
    listed {
      for (i = 2; i <= n; i++)
        for (j = i; j > 1 && rows[j] < rows[j - 1]; j--) { row = rows[j]; rows[j] = rows[j - 1]; rows[j - 1] = row }
      for (i = 1; i <= n; i++) print rows[i]
      listed = n = 0
    }
    { print }
    /^ *VM +on +verdict/ { listed = 1 }'
}

# unexplained: without the reasons for the order, which on a busy machine are others
unexplained() { sed '/^Why$/,/^$/d'; }

# mail_first: a busy machine may have web go first; then each is told in the place of the other
mail_first() {
  if [ "$(awk '/^ *group +VM/ { getline; print $2; exit }' "$1")" = web ]; then
    sed 's/web/&&/g; s/mail/web/g; s/webweb/mail/g' "$1"
  else
    cat "$1"
  fi
}

# is_as_documented NAME
is_as_documented() {
  part "$1" >"$work/part"
  mail_first "$work/part" | in_order | unexplained | words >"$work/documented"
  mail_first "$work/said-$1" | in_order | unexplained | words | diff "$work/documented" - ||
    { cat "$work/said-$1"; return 1; }
}

# document PART...: writes them into it
document() {
  for name; do
    { echo '```text'; cat "$work/said-$name"; echo '```'; } >"$work/part"
    sed -i -e "/^<!-- $name -->\$/r $work/part" \
      -e "/^<!-- $name -->\$/,/^<!-- end of $name -->\$/{/^<!-- /!d;}" "$document"
  done
}

as_user || as_self
check "files" ship
check "a lab of three hosts" lab_up 1 hosts=3
[ "$failures" = 0 ] || finish # without one virsh would talk to this machine's own daemon
check "guests" start_guests
check "... persistent ones" make_persistent web mail
check "... an old domain in the way of one" clash
check "a colleague migrates another one" colleague 0 2

# shellcheck disable=SC2046
plan --empty a --to b --skip-impossible --link '1 Gbit/s' $(peers)
check "a dry run" exits 2
keep dry-run
# shellcheck disable=SC2046
plan_and power_off --empty a --to b --skip-impossible --link '1 Gbit/s' $(peers) -o "$work/results/emptied"
check "the plan is performed" exits 1
keep execution
first=$(cat "$work/first")
[ "$first" = web ] && second=mail || second=web
check "... one guest has moved" runs_on 1 "$second"
check "... with its definition" defined_on 1 1 "$second" enable
check "... one has ended" test -z "$(where "$first")"
check "the colleague goes away" recall 0
check "... and so does the old domain" virsh_on 1 1 undefine store
# shellcheck disable=SC2046
plan --yes --empty a --to b --skip-impossible --link '1 Gbit/s' $(peers) -o "$work/results/rest"
check "the rest, as was said" exits 0
# shellcheck disable=SC2086
check "... has moved" runs_on 1 $second db store

[ -z "${MIG_UPDATE_GOLDEN-}" ] || document dry-run execution
for name in dry-run execution; do
  check "the document has what was said: $name" is_as_documented "$name"
done
check "the lab ends" lab_end 1
finish
