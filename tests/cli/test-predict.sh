#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# What is expected of each case is told before a run, also where the run cannot begin.
. "$top_srcdir/tests/tap.sh"

data=$(cd "$top_srcdir/tests/data" && pwd) || exit 99
recorded=$data/recorded-load-balancing
cd "$work" || exit 99
cat >study.xml <<'EOF'
<study name="expected">
  <hosts><host name="source" cpu="0" management-cpu="spare"/><host name="destination" cpu="0"/></hosts>
  <workload name="m" type="memory" wss="64 MB" rate="2000"/>
  <workload name="c" type="cpu"/>
  <guest name="c1" workload="c" memory="512 MiB"/>
  <guest name="m1" workload="m" memory="512 MiB"/>
  <cases><sequence>c1 m1</sequence><sequence>m1 c1</sequence></cases>
  <timing repetitions="1"/>
</study>
EOF

# expect ARGUMENT...: libvirt's test driver, which has hosts and cannot migrate
expect() {
  run "$migcost" run study.xml --source test:///default --destination test:///default -o result "$@"
}

# row CASE: a total time, a downtime and lost work, each a number with its interval
row() {
  grep -Eq "^ *$1( +[0-9.]+ \([0-9.]+ to [0-9.]+\)){2}" err || { cat err; return 1; }
}

# line TEXT: at which it is said first
line() { grep -n "$1" err | head -n 1 | cut -d : -f 1; }

before() { # TEXT OTHER
  [ "$(line "$1")" -lt "$(line "$2")" ] || { cat err; return 1; }
}

expect --predict "$recorded"
check "the run cannot begin" exits 1
check "its cases are in the table" grep -Eq '^ *case +total time, s +downtime, s +lost work, s' err
check "... one" row cm
check "... and the other" row mc
check "... with what the brackets mean" contains err "In brackets: the 95 % prediction interval."
check "... and the model" contains_words err "calibrated with"
check "... before the hosts are looked at" before 'total time, s' '^migcost: '
expect --predict "$recorded" --only mc
check "--only: the cases that are run" row mc
check "--only: ... and no other" not grep -q '^ *cm ' err
expect --predict "$recorded" --quiet
check "--quiet: no table" not grep -q 'total time, s' err
expect
check "without --predict: no table" not grep -q 'total time, s' err

# Encrypted migrations took much longer there.
sed 's|</cases>|&<sweep parameter="tls" values="no, yes"/>|; s|64 MB" rate="2000|460 MB|
  s|<hosts>|<hosts link="10 Gbit/s">|' study.xml >encrypted.xml
mv encrypted.xml study.xml
several() { # CASE
  awk -v name="$1" '$1 == name { time[$2] = $3 } END { exit !(time["tls=yes"] > 1.5 * time["tls=no"]) }' err ||
    { cat err; return 1; }
}
expect --predict "$data/recorded-lab-sending-cost" --scale 1/4
check "a technique by the migrations that were sent so" several cm
check "... in the other order" several mc
check "... the model of the one" contains_words err "migrations (pre-copy) in"
check "... and of the other" contains_words err "migrations (pre-copy, TLS) in"
expect --predict nowhere
check "a result that is not there" exits 1
check "... is named" contains err "nowhere"
finish
