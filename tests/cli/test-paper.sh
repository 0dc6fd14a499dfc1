#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# The paper, claim by claim: several results beside it; doc/paper.md is what the tool makes of the recorded ones.
# `make doc-paper` writes it anew.
. "$top_srcdir/tests/tap.sh"
# shellcheck source-path=SCRIPTDIR/../.. source=tests/cli/crossed.sh
. "$top_srcdir/tests/cli/crossed.sh"

[ -z "${MIG_FEW_RECORDED-}" ] || skip_all "all recorded results would take too long with sanitizers"

data=$top_srcdir/tests/data
xen=$data/recorded-xen-load-balancing
lab=$data/recorded-paper
maintenance="$data/recorded-xen-maintenance $data/recorded-xen-maintenance-2"

# $PAPER_RESULTS: of doc/module.mk: DIRECTORY or PLATFORM=DIRECTORY, in tests/data
set --
for result in $PAPER_RESULTS; do
  case $result in
    *=*) set -- "$@" "${result%%=*}=$data/${result#*=}" ;;
    *) set -- "$@" "$data/$result" ;;
  esac
done

paper() { # ARGUMENT...
  run "$migcost" report --paper "$@"
  [ "$status" = 0 ] && [ ! -s "$work/err" ] || { cat "$work/err"; return 1; }
}

# says RESULTS PATTERN: the text of these results; extended regular expression
says() {
  # shellcheck disable=SC2086 # several
  paper $1 && grep -Eq -- "$2" "$work/out" || { cat "$work/out"; return 1; }
}

# tells RESULTS TEXT: somewhere, over the ends of lines
tells() {
  # shellcheck disable=SC2086 # several
  paper $1 && contains_words "$work/out" "$2"
}

# json RESULTS EXPRESSION: of Python, true of the claims in JSON
json() {
  # shellcheck disable=SC2086 # several
  paper $1 --format json && python3 -c 'import json, sys
claims = json.load(open(sys.argv[1]))["claims"]
sys.exit(not eval(sys.argv[2]))' "$work/out" "$2"
}

schema_fits() {
  paper "$@" --format json && cp "$work/out" "$work/paper.json" &&
    python3 "$top_srcdir/tests/cli/schema.py" "$top_srcdir/doc/paper.schema.json" "$work/paper.json"
}

document_is_what_it_was() {
  migcost=$migcost "$top_srcdir/doc/figures/write-paper" "$work/document" "$@" &&
    diff -u "$top_srcdir/doc/paper.md" "$work/document/paper.md"
}

has_its_figures() {
  grep -o 'figures/paper-[a-z]*[.]svg' "$top_srcdir/doc/paper.md" | sort -u >"$work/shown"
  [ -s "$work/shown" ] && while read -r figure; do
    [ -f "$top_srcdir/doc/$figure" ] && [ -f "$work/document/$figure" ] || { echo "$figure"; return 1; }
  done <"$work/shown"
}

# of a result that nobody observed: a heartbeat a second
make_quiet() {
  cp -R "$xen" "$work/quiet" && chmod -R u+w "$work/quiet" &&
    sed -i 's/,heartbeat period,50000000,/,heartbeat period outside migrations,1000000000,/' \
      "$work/quiet/environment.csv"
}

begins_with_finding() {
  paper "$xen" && sed -n 4p "$work/out" | grep -q '^Which guests leave a busy host first?'
}

one_row_each() {
  [ "$(sed '/^The same shape/,$d' "$work/out" | grep -c '^ *Bed \[')" = 28 ]
}

# of the orders cm and mc alone
make_two() {
  cp -R "$xen" "$work/two" && chmod -R u+w "$work/two" && for table in runs schedule; do
    awk -F, 'FNR == 1 || !/,(cc|mm),/' "$xen/$table.csv" >"$work/two/$table.csv" || return
  done
}
two_are_tested() {
  paper "$work/two" --format json && python3 -c 'import json, sys
claims = json.load(open(sys.argv[1]))["claims"]
tested = {(c["figure"], c["what"]) for c in claims if c["figure"] and c["results"]}
sys.exit(tested != {("5", what) for what in (
    "downtime, cm less mc (the paper: either way)", "the mVM\x27s own downtime in cm",
    "the mVM\x27s own downtime in mc", "the mVM\x27s own downtime, cm / mc")} | {("6", "total time, mc less cm")})' \
    "$work/out" || { cat "$work/out"; return 1; }
}

# at a quarter of its size, as if
make_untold() { # whether its hosts are virtual machines
  cp -r "$data/recorded-xen-single" "$work/untold" && chmod -R u+w "$work/untold" &&
    sed -i '/,virtual machine,/d' "$work/untold/environment.csv"
}

# start_as START RESULT: its guests came to be so
start_as() {
  awk -v start="$1" '{ print $0 "," (NR == 1 ? "start" : start) }' "$2/guests.csv" >"$work/guests" &&
    cp "$work/guests" "$2/guests.csv"
}

make_restored() {
  cp -R "$work/alike" "$work/restored" && cp "$data/recorded-load-balancing/guests.csv" "$work/restored" &&
    start_as restored "$work/restored"
}

# of every other row
make_mixed() {
  cp -R "$work/alike" "$work/mixed-scaled" && sed -i '3~2s/booted$/restored/' "$work/mixed-scaled/guests.csv" &&
    cp -R "$work/mixed-scaled" "$work/mixed" && sed -i '/^scale=/d' "$work/mixed/MANIFEST"
}

make_scaled_alike() {
  cp -r "$work/scaled" "$work/alike" &&
    grep '^lab,cpu sharing,' "$lab/environment.csv" >>"$work/alike/environment.csv" &&
    start_as booted "$work/alike"
}

make_scaled() {
  cp -R "$data/recorded-load-balancing" "$work/scaled" && chmod -R u+w "$work/scaled" &&
    echo scale=1/4 >>"$work/scaled/MANIFEST"
}

# a map of orders beside it: no claims of the paper's
make_map() {
  crossed_result "$work/map" && sed -i '/^claims=/d' "$work/map/MANIFEST"
}

# the same, for sender beside guests and apart, at a quarter of its size, as if
make_factorial() {
  factorial_result "$work/factorial" && sed -i '/^claims=/d' "$work/factorial/MANIFEST" &&
    echo scale=1/4 >>"$work/factorial/MANIFEST"
}

# the fields of the map are rows of a figure, by the mean of the order that begins with the guest that computes: cm
# takes 88.43 s, mc 26.09 s less
map_is_drawn() {
  "$migcost" report --paper --format markdown -o "$work/map.md" "$xen" "$work/map" "$work/factorial" 2>"$work/err" &&
    awk '$2 > -29.6 && $2 < -29.4 { n++ } END { exit n != 6 }' "$work/map.md.figures/map.dat" &&
    grep -qF "'QEMU (lab), at full size [2]'" "$work/map.md.figures/map.gp" &&
    grep -qF "'QEMU (lab), at 1/4 [3]'" "$work/map.md.figures/map.gp" &&
    grep -qF "'10 Gbit/s, sender beside guests'" "$work/map.md.figures/map.gp" &&
    grep -qF "'10 Gbit/s, sender apart'" "$work/map.md.figures/map.gp"
}

# ... and not of the one of the finding: the paper's row, and that of the one platform that tests its claim
finding_is_drawn() {
  [ "$(grep -c '^[0-9]' "$work/map.md.figures/order.dat")" = 2 ] &&
    grep -q "'Xen: undecided' 1" "$work/map.md.figures/order.gp"
}

each_map_has_an_id() {
  paper "$work/map" "$work/factorial" "$xen" --format html && contains "$work/out" 'id="order-map-2"' &&
    contains "$work/out" 'id="order-map-3"' && not contains "$work/out" 'id="order-map"'
}

# README says of each platform what the page says of conclusion 2, at which size, and how many other results of it
# come to another verdict
readme_has_the_finding() {
  paper "$@" --format json && python3 -c 'import collections, fractions, json, sys
page = json.load(open(sys.argv[1]))
results = {r["result"]: r for r in page["results"]}
claim = next(c for c in page["claims"] if c.get("conclusion") == 2 and c["quantity"] == "time")
said = []
for p in claim["platforms"]:
    if p["verdict"] == "not-measured":
        continue
    scale = fractions.Fraction(results[p["result"]]["scale"]).limit_denominator(100)
    others = collections.Counter(r["verdict"] for r in claim["results"] if r["verdict"] != p["verdict"]
                                 and results[r["result"]]["platform"] == p["platform"])
    said.append(p["verdict"] + " on " + p["platform"] + (f" at {scale} of full size" if scale < 1 else "") + "".join(
        f" ({verdict} in {n} other result{chr(115) * (n > 1)})" for verdict, n in sorted(others.items())))
print(", ".join(said))' "$work/out" >"$work/finding" && [ -s "$work/finding" ] &&
    tr -s '\n ' ' ' <"$top_srcdir/README.md" | grep -qFf "$work/finding"
}

check "a text of two results" says "$xen $lab" '^The paper, claim by claim$'
check "... has a column for each platform, named by its hosts" says "$xen $lab" '^ *QEMU \(lab\) \[2\] '
check "... and for Xen" says "$xen $lab" '^ *Xen \[1\] '
check "the paper's number stands beside them" says "$xen" '^ *paper +11\.68'
check "Xen refutes that the memory guest stands still longer in cm" \
  says "$xen" '^ *Xen \[1\] +0\.67[0-9]* .* 3 +refuted'
check "an undecided claim says what would decide it" \
  says "$xen" 'undecided +about [0-9]+ more \([0-9.]+ (min|h|days)\) to (support|refute) it$'
check "... of a conclusion by the comparison that is least favourable to it" says "$data/recorded-xen-maintenance-2" \
  '-5[.]63 +-18[.]39 to 7[.]12 +8 +undecided +cmmc against ccmm; about 19 more .* to refute it$'
check "... also where all of them speak for it" says "$data/recorded-xen-maintenance" \
  '7[.]10 +-0[.]27 to 14[.]48 +4 +undecided +cmmc against ccmm; about 5 more .* to support it$'
check "what was measured, and by which stop rule" tells "$xen" "stop rule xen-4.6 (Xen's own"
check "... of which guests" tells "$xen" 'Xen: load-balancing, 4 guests of 512 MiB, booted; Xen 4.17.0'
check "... as many as its experiments have" tells "$lab" 'QEMU (lab): paper, 1 to 4 guests of 512 MiB, booted;'
check "hosts that are virtual machines are called that" \
  tells "$data/recorded-xen-single" 'libvirt 9.0.0, hosts that are virtual machines, measured by'
check "... by which CPU a result was measured tells it apart" tells "$maintenance" \
  'hosts that are virtual machines, measured by a machine with Intel(R) Xeon(R) Processor; source: CPU 0 of 1'
check "... from another" tells "$maintenance" \
  'hosts that are virtual machines, measured by a machine with AMD EPYC; source: CPU 0 of 1'
check "... of KVM, too" tells "$data/recorded-kvm-load-balancing" \
  'libvirt 11.3.0, hosts that are virtual machines, measured by a machine with AMD EPYC; source: CPU 0 of 1'
check "... as is the machine of the lab" \
  tells "$data/recorded-lab-quarter" 'software emulation (TCG), AMD EPYC, on a virtual machine; source'
check "a result that does not tell" make_untold
check "... beside those that are" tells "$work/untold $data/recorded-xen-single" \
  '2 results of migcost, 1 on hosts that are virtual machines themselves.'
check "... or all" tells "$data/recorded-xen-single" \
  '1 result of migcost, on hosts that are virtual machines themselves.'
check "... is not called that" not tells "$work/untold" 'virtual machine'
check "... and the mark is defined" tells "$xen" '*: rates of work or CPU time that observing'
check "it begins with the finding" begins_with_finding
check "... for each platform" tells "$xen $lab" 'On QEMU (lab) that is undecided: mmcc takes 10.2 % less time than ccmm'
check "... and its verdicts" tells "$xen $data/recorded-xen-quarter" \
  'make 6 statements: on Xen 5 supported, 1 undecided.'
check "... at which size, and that it is one pair of orders" tells "$data/recorded-xen-quarter" \
  'On Xen that holds at 1/4 of full size for one pair of orders: mc takes 12.9 % more time than cm'
check "... and what other results of the platform come to, of more orders" \
  tells "$data/recorded-xen-quarter $maintenance" \
  'Other results there: undecided in [2] (5 pairs) and [3] (2 pairs, rather against the claim).'
check "... which are not told of where there is one" not tells "$data/recorded-xen-quarter" 'Other results there'
check "... and at full size no size" not tells "$xen" 'of full size'
check "a verdict names results that come to another" tells "$data/recorded-xen-quarter $maintenance" \
  'makes the migrations shorter than any other: supported (undecided in [2] and [3]) on Xen.'
check "... also in the table" says "$data/recorded-xen-quarter $maintenance" \
  '12[.]92 +5[.]64 to 20[.]21 +8 +supported [(]undecided in .2. and .3.[)] +mc against cm'
check "... which are listed with their orders" tells "$data/recorded-xen-quarter $maintenance" \
  '[3], at 1/4, undecided for ccmm, cmcm and cmmc: cmmc against ccmm -5.63 % (-18.39 to 7.12), n=8.'
check "... for downtime" tells "$data/recorded-xen-quarter $maintenance" \
  '2, downtime, on Xen: [2], at 1/4, supported for ccmm, cmcm, cmmc, mccm, mcmc and mmcc: cmcm against ccmm 17.01 %'
check "... not where all agree" not tells "$data/recorded-xen-quarter $data/recorded-xen-quarter-2" \
  'come to several verdicts'
check "... nor of platforms that differ" not tells "$xen $data/recorded-kvm-load-balancing" 'come to several verdicts'
check "conclusions are stated before they are judged" \
  tells "$xen" '1, time: moving the guests that compute first makes the migrations shorter: undecided on Xen.'
check "its words are defined" tells "$xen" 'cm: first c leaves the host, then m'
check "a scale is where there is one" tells "$data/recorded-xen-single" 'At 1/4, scale 1/4:'
check "... only" not tells "$xen" 'At 1/4'
check "what is judged is said" says "$xen" '^ *paper .*more than 10; judged as above 10$'
check "rates of a disturbed run are marked" tells "$xen" 'not rates of work and CPU time'
check "a result of an undisturbed one" make_quiet
check "... is not" not tells "$work/quiet" 'not rates of work and CPU time'
check "... and one that others disturbed is told apart" \
  tells "$data/recorded-lab-interference" "not rates of work and CPU time (*), as others used the hosts' CPUs"
check "... as is whether that is known" tells "$xen" "not known whether others used the hosts' CPUs"
check "slow sending is counted among all runs" tells "$data/recorded-load-balancing" \
  "around each downtime, 1 of 12 runs disturbed from outside, not known"
check "... and takes nothing from rates" not tells "$data/recorded-load-balancing" "guests and others used"
rm -f "$work/quiet/COMPLETE"
check "a run that is not complete is called that" tells "$work/quiet" 'n=3, not complete'
check "... one that is, is not" not tells "$xen" 'not complete'
check "one that ended when it had decided, too" tells "$data/recorded-lab-quarter" \
  'as decided by looks after each block'
check "a name before = is the platform" says "Bed=$xen" '^ *Bed \[1\] '
check "results of one platform share a column" says "Bed=$xen Bed=$lab" '^ *Bed \[2\] '
check "... that has one row for each claim" one_row_each
check "claims about figures are counted" tells "$xen" "Xen: 2 supported, 1 refuted, 2 undecided, 12 not measured."
check "how the paper was read is said" says "$xen" '100 s from 30 s before'
check "a map of orders" make_map
check "... explains where the order turns" tells "$xen $work/map" "QEMU (lab) [2]: Where which order is cheaper"
check "... without a column of its own" eval '! grep -q "on QEMU (lab)" "$work/out"'
check "a map of sender's CPU and link" make_factorial
check "... which is said to share its CPU with guests, or not" tells "$xen $work/factorial" \
  "source: CPU 0 of 2 for guests, migrations beside guests or apart; destination"
check "... at all rates of the link" tells "$xen $work/factorial" "; link 1 Gbit/s, 10 Gbit/s or 125 MB/s;"
check "... and on what the order depends" tells "$xen $work/factorial" \
  "Whether the verdict changes with the link or the sender is not known."
check "... of which size it is" tells "$xen $work/factorial" "Where which order is cheaper, at scale 1/4"
check "two maps on one page are told apart" each_map_has_an_id
check "a result at another size" make_scaled
check "... is not compared where guests got their CPUs in another way" not says "$lab $work/scaled" "in .[12]. than in"
check "... of one where they got them alike" make_scaled_alike
check "... is compared by its shape" \
  tells "$lab $work/alike" "QEMU (lab), mm / cc: 7.24 more in [2] than in [1] (-1.86 to 16.34): undecided, about"
check "... whose guests were restored, not booted" make_restored
check "... is not compared" not says "$lab $work/restored" "in .[12]. than in"
check "... nor of which some were restored" make_mixed
check "... is not compared, not even with itself" not says "$work/mixed $work/mixed-scaled" "in .[12]. than in"
check "... which is said" tells "$work/mixed" '4 guests of 512 MiB, some booted, some restored;'
check "... those are told apart" tells "$lab $work/restored" "QEMU (lab) [2] 1/4 restored 12.53"
check "... a result at another scale that is the same one" \
  tells "$data/recorded-load-balancing $work/scaled" "QEMU (lab), mm / cc: 0.00 more in [2] than in [1]"
check "... how much repetitions differ" says "$lab" '^ *QEMU \(lab\) \[1\] +1 +booted +[0-9.]+ \(n=3\)'
check "... what is of that size is called that" says "$work/scaled" '^ *QEMU \(lab\) \[1\], at 1/4 +12\.53'
check "... one of another platform is not" not says "$xen $lab" "in .[12]. than in"
check "... but stands beside it" tells "$xen $lab" "QEMU (lab) [2] 1 booted 15.22"
if command -v python3 >/dev/null; then
  check "in JSON: conclusion 1 by time and by downtime" json "$xen $lab" \
    '[c["quantity"] for c in claims if c.get("conclusion") == 1] == ["time", "downtime"]'
  check "... of the first, on both, the undecided comparison" json "$xen $lab" \
    '[p["verdict"] for p in claims[0]["platforms"]] == ["undecided", "undecided"]'
  check "two of the four cases" make_two
  check "... test what is theirs, and nothing else" two_are_tested
  check "in JSON: each result's finding" json "$xen $lab" 'len(claims[0]["results"]) == 2'
  check "README says what is found" readme_has_the_finding "$@"
else
  skip "in JSON" "python3 is not installed"
fi
if python3 -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null; then
  check "the JSON is what its schema says" schema_fits "$xen" "$lab"
else
  skip "the JSON is what its schema says" "python3 with jsonschema is not installed"
fi
check "a page" paper "$xen" --format html
check "... with marked verdicts" contains "$work/out" 'class="verdict not-supported"'
check "Markdown without a file has no figures" \
  eval 'paper "$xen" --format markdown && not grep -q "!\[" "$work/out"'
check "CSV is refused" fails_with 2 "expected text, json, markdown or html" \
  "$migcost" report --paper --format csv "$xen"
check "a result that tests nothing of it, too" fails_with 2 "tests the paper's claims" \
  "$migcost" report --paper "$data/recorded-smoke"
check "several results without --paper" fails_with 2 "--paper" "$migcost" report "$xen" "$lab"
check "a directory that does not exist" fails_with 1 "nowhere" "$migcost" report --paper Xen=nowhere

if command -v gnuplot >/dev/null; then
  check "a map's fields are drawn" map_is_drawn
  check "... the finding apart from them" finding_is_drawn
  check "doc/paper.md is what the tool makes of the recorded results" document_is_what_it_was "$@"
  check "... its figures are drawn from the same" diff -u "$data/paper.figures" "$work/document/paper.figures"
  check "... and are there" has_its_figures
else
  skip "doc/paper.md" "no gnuplot"
fi
finish
