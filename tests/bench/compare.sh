#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Does `migcost compare` call a re-run worse? The study smoke again and again on the lab, each
# result compared with the one before it, and with itself. The stated error rate is 5 % of the
# comparisons, at most; what the hosts do differently from one run to the next is in it. Takes about
# half an hour.
#
#   BENCH_RERUNS   re-runs after the first run (20)
#   BENCH_REPEAT   repetitions in each (3)
#   BENCH_KEEP     a folder where the results are kept
# shellcheck source-path=SCRIPTDIR/../lab source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

reruns=${BENCH_RERUNS:-20}
repeat=${BENCH_REPEAT:-3}
: >verdicts

# verdict NAME ARGUMENT...: one comparison; a line of $work/verdicts: name, worse, better
verdict() {
  name=$1
  shift
  "$migcost" compare "$@" >comparison || exit 99
  sed -n "s/^\([0-9]*\) worse; \([0-9]*\) better;.*/$name \1 \2/p" comparison >>verdicts
  awk '/ (worse|better)( |$)/ && !/;/ && !/Worse, better:/ { print "  " $0 }' comparison
}

count() { # NAME: comparisons of that name, and those of them with a verdict
  awk -v name="$1" '$1 == name { n++; wrong += $2 + $3 > 0; worse += $2 > 0 }
    END { printf "%d comparisons; worse or better in %d, worse in %d\n", n, wrong, worse }' verdicts
}

i=0
while [ "$i" -le "$reruns" ]; do
  measure "rerun-$i" smoke --repeat "$repeat" --quiet
  [ "$status" = 0 ] || { cat err; exit 99; }
  verdict itself "$result" "$result"
  [ "$i" = 0 ] || {
    verdict usual "$before" "$result"
    verdict strict "$before" "$result" --threshold 0
    verdict all "$before" "$result" --metric all
  }
  before=$result
  i=$((i + 1))
done
[ -z "${BENCH_KEEP-}" ] || cp -R "$work/results/." "$BENCH_KEEP/"

echo "Study smoke, $repeat repetitions, $reruns re-runs, each against the one before it"
echo "  with itself:                  $(count itself)"
echo "  as by default:                $(count usual)"
echo "  without a threshold:          $(count strict)"
echo "  all metrics:                  $(count all)"
# 4 or more of 20 at 5 % come by chance in 1.6 % of all cases
awk -v n="$reruns" '
  $1 == "itself" && $2 + $3 > 0 { bad = 1 }
  $1 == "usual" && $2 + $3 > 0 { wrong++ }
  END { rate = 0.05; if (wrong > n * rate + 3 * sqrt(n * rate * (1 - rate))) bad = 1
        print bad ? "more than the stated rate allows" : "within the stated rate"; exit bad }' verdicts
