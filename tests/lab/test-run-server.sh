#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# A guest with a real HTTP server, whose image is built of packages, moves while clients that a load
# generator plays ask it: their requests before, during and after the migration are in the result and in
# its report.
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

am_root && [ -e /dev/net/tun ] || skip_all "not run as root, or this machine has no /dev/net/tun"
[ -d "$work/bin/modules" ] || skip_all "no modules of the guest kernel: ./quickstart fetches them"
for tool in mmdebstrap cpio hey; do
  command -v "$tool" >/dev/null || skip_all "$tool is not installed"
done

# answered: requests, all of them with the page
answered() {
  rows=$(column requests status guest s1 | wc -l)
  other=$(column requests status guest s1 | grep -vcx 200)
  echo "$rows requests, $other of them with another status than 200"
  [ "$rows" -ge 200 ] && [ "$other" -eq 0 ]
}

# metric NAME: its mean, in us
metric() {
  "$migcost" report --format csv "$result" |
    awk -F, -v name="$1" '$3 == name && $5 > 0 { printf "%d\n", $6 * 1e6; found = 1 } END { exit !found }'
}

# phases: what the rows say of the time before the migration and of the longest while it went on
phases() {
  awk -F, '
    FNR == 1 { delete at; for (i = 1; i <= NF; i++) at[$i] = i; next }
    FILENAME ~ /migrations/ { start = $at["start_ns"]; end = $at["end_ns"]; next }
    { wait = $at["answered_ns"] - $at["sent_ns"] }
    $at["answered_ns"] <= start { n++; if (wait > before) before = wait; next }
    $at["sent_ns"] < end && wait > during { during = wait }
    END { printf "%d %d %d\n", n, before / 1000, during / 1000 }' "$result/migrations.csv" "$result/requests.csv"
}

summed_up() {
  phases >"$work/phases" && read -r n before during <"$work/phases" &&
    [ "$n" -ge 50 ] && [ "$(metric request_max_before_s)" = "$before" ] &&
    [ "$(metric request_max_during_s)" = "$during" ] &&
    [ "$(metric request_p50_before_s)" -gt 0 ] && [ "$(metric request_p50_before_s)" -le "$before" ] &&
    [ "$(metric request_p99_after_s)" -ge "$(metric request_p50_after_s)" ] ||
    { cat "$work/phases"; "$migcost" report --format csv "$result" | grep request; false; }
}

# Who asks while the guest stands still waits until it goes on: eight do so, every 200 ms.
waited() {
  downtime=$(metric downtime_events_s) && longest=$(metric request_max_during_s) &&
    echo "downtime by events $downtime us, longest request $longest us" &&
    [ "$longest" -gt $((downtime - 200000)) ] && [ "$longest" -gt "$(metric request_p50_before_s)" ]
}

# late: how many requests took more than 20 s, and how many got no answer
late() {
  awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { end = $at["answered_ns"] }
    end == "" { end = $at["given_up_ns"]; unanswered++ }
    end - $at["sent_ns"] > 20e9 { n++ }
    END { printf "%d %d\n", n, unanswered }' "$result/requests.csv"
}

# Who asks as the guest moves waits for as long as the bridge does not forward: each of the eight clients
# once, whether the answer comes in the end or not.
waited_long() {
  late >"$work/late" && read -r n unanswered <"$work/late" &&
    echo "$n requests of more than 20 s, $unanswered without an answer" && [ "$n" -eq 8 ] &&
    [ "$(metric request_max_during_s)" -gt 20000000 ] &&
    [ "$(metric requests_unanswered)" -eq $((unanswered * 1000000)) ]
}

check "the server is listed" eval '"$migcost" list >list && grep -q "^  nginx  *nginx, an HTTP server" list'
measure server "$work/run-server.xml"
lab=$(lab_of "$result")
check "it succeeds" exits 0
check "the guest serves a page" answered
check "the report has requests before, during and after" summed_up
check "in its text, too" eval 'is_readable >full && contains full "requests, ms"'
check "who asks while the guest stands still waits" waited
check "no server ends" not grep -rq "no server" "$result/console"
check "its image is cached" eval '[ "$("$work/bin/servers/server-image" "$work/data/servers/nginx" 2>says)" ] &&
  [ ! -s says ]'
check "nothing is left" left_nothing "$lab"

# behind bridges that take twice 12 s until they forward
sed 's/<hosts link="1 Gbit.s"/& spanning-tree="yes" forward-delay="12 s"/; s/window="10 s"/window="40 s"/' \
  "$work/run-server.xml" >"$work/late.xml"
measure late "$work/late.xml"
check "behind a slow bridge it succeeds" exits 0
check "requests of more than 20 s have their rows" waited_long

# without the load generator the rest is measured
mkdir "$work/path"
for directory in /usr/local/bin /usr/bin /bin /usr/sbin /sbin; do
  for program in "$directory"/*; do
    [ "${program##*/}" = hey ] || [ -e "$work/path/${program##*/}" ] || ln -s "$program" "$work/path/"
  done
done
before=$PATH PATH=$work/path
measure alone "$work/run-server.xml"
PATH=$before
check "without hey it succeeds" exits 0
check "and says what is missing" contains "$work/err" "install 'hey'"
check "and probes the guest all the same" eval '[ "$(column probes sequence probe udp | wc -l)" -ge 100 ]'
check "without requests" has_rows 0 requests
finish
