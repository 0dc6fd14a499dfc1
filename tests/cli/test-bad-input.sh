#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Bad input gets one clear line and leaves nothing behind. No host is needed here.
. "$top_srcdir/tests/tap.sh"

data=$(cd "$top_srcdir/tests/data" && pwd)
cd "$work" || exit 99

# study GUEST-ATTRIBUTES WORKLOAD-ATTRIBUTES: a study file on standard output
study() {
  cat <<EOF
<?xml version="1.0"?>
<study name="t" title="t">
  <hosts>
    <host name="a" cpu="0"/>
    <host name="b" cpu="0"/>
  </hosts>
  <workload name="w" $2/>
  <guest name="g" $1/>
  <cases><sequence>g</sequence></cases>
</study>
EOF
}

study 'workload="w"' 'type="idle"' >good.xml
study 'workload="x"' 'type="idle"' >no-workload.xml
study 'workload="w"' 'type="disk"' >no-type.xml
study 'workload="w" memory="512 MiB"' 'type="memory" wss="500 MiB"' >wss.xml
sed 's#</cases>##' good.xml >broken.xml

check "a study that does not exist" fails_with 2 "smoke" "$migcost" run no-such-study
check "a study file that does not exist" \
  fails_with 1 "cannot read the study './none.xml'" "$migcost" run ./none.xml
check "XML that is broken: the line" \
  fails_with 1 "broken.xml:11: not well-formed" "$migcost" run broken.xml
check "a workload that is not defined: the line" \
  fails_with 1 "no-workload.xml:8: " "$migcost" run no-workload.xml
check "a workload of an unknown type: the line" \
  fails_with 1 "no-type.xml:7: " "$migcost" run no-type.xml
check "a working set larger than the guest: the line" fails_with 1 "wss.xml:" "$migcost" run wss.xml
check "none of these left a result directory" not test -e migcost-results

check "a case that is not there" fails_with 2 "has no case 'zz'" "$migcost" run good.xml --only zz
check "a host that the study has not" \
  fails_with 2 "--host=c=test:///default: expected a=URI or b=URI, the hosts of study 't'" \
  "$migcost" run good.xml --host c=test:///default
check "a migrate-uri of such a host" \
  fails_with 2 "--migrate-uri=c=tcp://c: expected a=URI or b=URI" \
  "$migcost" run good.xml --host a=test:///default --host b=test:///default --migrate-uri c=tcp://c
check "a host without a URI" \
  fails_with 2 "--host=a: expected a=URI or b=URI" "$migcost" check good.xml --host a
check "a URI for one host of two" fails_with 1 "good.xml: 1 of 2 hosts have a uri" "$migcost" \
  check good.xml --host a=test:///default
check "a lab of one host" fails_with 2 "--hosts=1: expected 2 to 8" "$migcost" lab up --hosts 1
check "a negative number of repetitions" \
  fails_with 2 "--repeat=-1" "$migcost" run good.xml --repeat -1
sed 's/<study /<study scale="1\/400" /' good.xml >scale.xml
sed 's/guest /guest memory="128 MiB" /' good.xml >small.xml
check "a scale that is none: the line" fails_with 1 \
  "scale.xml:2: scale of study: '1/400' is not a scale; expected a share from 1/100 to 1" \
  "$migcost" run scale.xml
for command in run check; do
  check "a scale of $command that is none" \
    fails_with 2 "--scale: '4' is not a scale" "$migcost" $command good.xml --scale 4
done
check "a scale at which a guest does not boot: the line, and what to do" fails_with 1 \
  "small.xml:8: at scale 1/4 guest 'g' has 85 MiB, too little to boot; expected at least 96 MiB: use" \
  "$migcost" run small.xml --scale 1/4
check "... before a run, too" fails_with 1 "small.xml:8: at scale 1/4 guest 'g' has 85 MiB" \
  "$migcost" check small.xml --scale 1/4

# A value that is wrong is the command line's fault, which names the option.
# wrong OPTION VALUE TEXT COMMAND...
wrong() {
  option=$1 value=$2 text=$3
  shift 3
  check "--$option $value of $1" fails_with 2 "--$option: $text" "$migcost" "$@" "--$option=$value"
}
wrong heartbeat 10 "'10' is not a duration" run good.xml
wrong heartbeat '1 us' "1.00 us is out of range; expected 1 ms to 10 s, or 0" run good.xml
wrong sampling '11 s' "11.0 s is out of range; expected 1 ms to 10 s, or 0" run good.xml
wrong sampling now "'now' is not a duration" run good.xml
wrong observing-cost 3 "'3' is not a duration" run good.xml
wrong time much "'much' is not a duration" run good.xml
wrong time '100 ms' "100 ms is too short; expected at least 1 s" run good.xml
wrong until never "'never' is not an end" run good.xml
wrong start late "'late' is no way to start guests" run good.xml
wrong ready-timeout 5 "'5' is not a duration" run good.xml
wrong ready-timeout '5 ms' "5 ms is too short; expected at least 1 s" run good.xml
wrong timeout '0' "0 s is too short; expected at least 1 s" run good.xml
wrong bandwidth "10 kB/s" "'10 kB/s' cannot be set: libvirt limits a migration to whole MiB/s" run good.xml
wrong copy-storage some "unknown copy of storage 'some'" check good.xml
wrong for ever "'ever' is not a duration" watch test:///default
wrong sampling 1 "'1' is not a duration" watch test:///default
wrong rotate much "'much' is not an amount of memory" watch test:///default
wrong link fast "'fast' is not a rate" lab up
check "no repetitions" fails_with 2 "--repeat=0: expected 1 to 10000" "$migcost" run good.xml --repeat 0
check "one host of two" fails_with 2 "--source and --destination need each other" \
  "$migcost" run good.xml -o r1 --source qemu:///session

mkdir existing && echo data >existing/file
check "an existing result directory" fails_with 1 "existing" "$migcost" run good.xml -o existing
check "which is left as it was" test "$(ls existing)" = file
check "a result directory that cannot be made" \
  fails_with 1 "/proc/none" "$migcost" run good.xml -o /proc/none
check "a directory that is no result" fails_with 1 "existing" "$migcost" report existing
check "no such format" fails_with 2 "rtf" "$migcost" report existing --format rtf
check "predict by what is no result" fails_with 1 "existing" "$migcost" run good.xml --predict existing
check "resume what is no result" fails_with 1 "existing" "$migcost" run --resume existing
check "--resume with a study" fails_with 2 "--resume" "$migcost" run good.xml --resume existing
check "--resume with cases" \
  fails_with 2 "--resume continues" "$migcost" run --resume existing --only c

uri='qemu+unix:///session?socket=/nonexistent/socket'

# An interrupted run on hosts that its command line named: kept, but not as they were.
interrupted() {
  mkdir kept && for file in MANIFEST study.xml schedule.csv; do cp "$data/recorded-smoke/$file" kept/; done &&
    chmod -R u+w kept && sed '/^lab,/d' "$data/recorded-smoke/environment.csv" >kept/environment.csv &&
    printf 'migcost,option,host=%s=test:///default,\n' source destination >>kept/environment.csv
}
check "an interrupted run" interrupted
check "... of a fixed number of repetitions has no other end" \
  fails_with 2 "--time: the run in 'kept' ends with a number of repetitions, which --repeat raises; start a new one" \
  "$migcost" run --resume kept --time '1 h'
check "... of whichever kind" fails_with 2 "start a new one with --until" "$migcost" run --resume kept --until decided
check "... goes on on its own hosts, and refuses another driver" \
  fails_with 1 "host 'source' is not as it was when the run began: its driver was 'QEMU' and is 'TEST'" \
  "$migcost" run --resume kept
check "... unless one is given again, which wins" \
  fails_with 1 "cannot connect to host 'destination' ($uri)" \
  "$migcost" run --resume kept --host "destination=$uri"
check "... both, by another way to name them" fails_with 1 "cannot connect to host 'source' ($uri)" \
  "$migcost" run --resume kept --source "$uri" --destination "$uri"
check "... what did not answer is not kept" not grep -q nonexistent kept/environment.csv
echo 'migcost,option,colour=blue,' >>kept/environment.csv
check "... nor with an option that nobody knows" \
  fails_with 1 "cannot resume 'kept': it was begun with the option 'colour=blue'" "$migcost" run --resume kept

# renew DIRECTORY NEW: the same result with today's tables, of which kept has all by now; of those that lack a column no
# text has a comma.
renew() {
  cp -R "$1" "$2" && chmod -R u+w "$2" && for table in kept/*.csv; do
    name=${table##*/}
    head -n 1 "$table" >header
    [ -e "$1/$name" ] || { cp header "$2/$name" && continue; }
    [ "$(head -n 1 "$1/$name")" = "$(cat header)" ] || awk -F, -v OFS=, '
      FILENAME == "header" { n = split($0, wanted); print; next }
      FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
      {
        row = ""
        for (i = 1; i <= n; i++)
          row = row (i > 1 ? OFS : "") (wanted[i] in at ? $at[wanted[i]] : "")
        print row
      }
    ' header "$1/$name" >"$2/$name" || return 1
  done
}

# One that its time ended, 221 s of 300 s used.
old=$data/recorded-lab-quarter
quarter=$work/quarter
check "a complete run" renew "$old" "$quarter"
check "... is not resumed" fails_with 1 "is complete; a --time above 221 s may continue the run" \
  "$migcost" run --resume "$quarter"
check "... nor in the time that is over" fails_with 2 "--time=220 s is the time of the whole run" \
  "$migcost" run --resume "$quarter" --time '220 s'
check "... nor in one that decides nothing" fails_with 1 "deciding more would take longer than the 4.17 s left" \
  "$migcost" run --resume "$quarter" --time '225 s'
check "... nor to ask something else" fails_with 2 "spends its 5 % of error on --until=decided" \
  "$migcost" run --resume "$quarter" --until 5% --time '1 h'
check "... nor by what is no time" \
  fails_with 2 "'soon' is not a duration" "$migcost" run --resume "$quarter" --time soon
cp -R "$quarter" before
check "... nor on hosts that do not answer" fails_with 1 "cannot connect to host 'source' ($uri)" \
  "$migcost" run --resume "$quarter" --time '1 h' --source "$uri" --destination "$uri"
check "... though it says what is left to do" contains err \
  "14 repetitions are done, then more until what is asked is decided, in at most 3600 s, of which 221 s are over"
check "... and is as it was, all of it" diff -r before "$quarter"
check "... nor where its tables are of another version" fails_with 1 "migrations.csv:1: its columns differ" \
  "$migcost" run --resume "$old" --time '1 h'
names_command() { # RESULT: in a line of its own
  "$migcost" report --full "$1" >report && grep -qxF "migcost run --resume $1 --time 60min" report
}
check "... its report names the command that continues it" names_command "$quarter"
check "... but not where it cannot be" not names_command "$old"

# A complete result of which a table is empty, cut off or missing is damaged: no report on the rest.
# damaged TABLE HOW: a copy of a recorded result, of which refused() knows what error it gives
damaged() {
  table=$1
  rm -rf damaged && cp -R "$data/recorded-smoke" damaged && chmod -R u+w damaged || return
  case $2 in
    empty)
      : >"damaged/$1.csv"
      why="empty, without a header: damaged"
      ;;
    cut)
      truncate -s -1 "damaged/$1.csv"
      why="the last line has no line break: the file was cut off"
      ;;
    missing)
      rm "damaged/$1.csv"
      why="missing from a result that is marked complete: damaged"
      ;;
  esac
}
# refused COMMAND...: in one line, of the copy
refused() { fails_with 1 "damaged/$table.csv: $why; copy it again" "$@" && [ "$(wc -l <err)" = 1 ]; }
tells() { # TEXT COMMAND...
  text=$1
  shift
  run "$@"
  exits 0 && contains_words out "$text"
}
for table in runs migrations guests events rounds environment heartbeats; do
  for how in empty cut missing; do
    case $how/$table in
      missing/runs | missing/migrations | missing/guests) ;;
      missing/*) continue ;;
    esac
    damaged "$table" "$how"
    check "$table.csv, $how: no report" refused "$migcost" report damaged
  done
done
damaged migrations empty
for format in json csv markdown html; do
  check "... nor in $format" refused "$migcost" report damaged --format $format
done
check "... nor all of it" refused "$migcost" report damaged --full
check "... nor beside the paper" refused "$migcost" report --paper damaged
check "... nor a comparison" refused "$migcost" compare "$data/recorded-smoke" damaged
check "... either way" refused "$migcost" compare damaged "$data/recorded-smoke"
check "... nor a plan" refused "$migcost" plan --calibrate damaged "$data/fleet.csv"
rm damaged/COMPLETE
check "a run that is going on: a report" tells "not complete: the run is still going on" \
  "$migcost" report damaged
damaged guests missing
head -n 1 "$data/recorded-smoke/guests.csv" >damaged/guests.csv
check "no rows of guests: their work is missing" tells "no row of guests.csv tells of a guest that moved" \
  "$migcost" report damaged --full

check "a host that refuses" fails_with 1 "cannot connect to host 'a' ($uri)" \
  "$migcost" run good.xml -o refused --source "$uri" --destination "$uri"
check "check says the same" fails_with 1 "cannot connect to host 'a' ($uri)" \
  "$migcost" check good.xml --source "$uri" --destination "$uri"
finish
