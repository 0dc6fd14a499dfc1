#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The report as a page and as a PDF. What gnuplot draws differs with its version, so the golden page
# has a mark where each picture is; scripts and data are golden as they are. MIG_UPDATE_GOLDEN=1
# writes them.
. "$top_srcdir/tests/tap.sh"

data=$top_srcdir/tests/data
no_gnuplot=$work/bin # a PATH with all that the tests need, but gnuplot
mkdir "$no_gnuplot"

page() { # NAME: of a recorded result
  "$migcost" report "$data/$1" --format html -o "$work/$1.html"
}

masked() { # FILE
  sed 's|<svg .*</svg>|<svg/>|' "$1"
}

golden() { # NAME
  masked "$work/$1.html" >"$work/$1.masked"
  [ -z "${MIG_UPDATE_GOLDEN-}" ] || cp "$work/$1.masked" "$data/$1.html"
  diff -u "$data/$1.html" "$work/$1.masked"
}

golden_scripts() { # NAME FIGURE...
  directory=$work/$1.html.figures
  name=$1
  shift
  for figure; do
    cat "$directory/$figure.gp" "$directory/$figure.dat" || return 1
  done >"$work/$name.scripts"
  [ -z "${MIG_UPDATE_GOLDEN-}" ] || cp "$work/$name.scripts" "$data/$name.figures"
  diff -u "$data/$name.figures" "$work/$name.scripts"
}

same_twice() { # NAME FORMAT
  "$migcost" report "$data/$1" --format "$2" -o "$work/first" &&
    "$migcost" report "$data/$1" --format "$2" -o "$work/second" && cmp "$work/first" "$work/second"
}

well_formed() { # FILE: without what makes HTML no XML: unclosed <meta>
  sed -e '1d' -e '/^<meta /d' "$1" >"$work/page.xml" && xmllint --noout "$work/page.xml"
}

needs_nothing() { # FILE: no other file, host or script
  not grep -oE '<(script|link|img|iframe)[ >]|(src|href)="[^#"][^"]*"|url\(|@import' "$1"
}

redrawn() { # DIRECTORY FIGURE: the script that is kept draws the same picture
  cp "$1/$2.svg" "$work/kept.svg" && rm "$1/$2.svg" && (cd "$1" && gnuplot -d "$2.gp") &&
    cmp "$1/$2.svg" "$work/kept.svg"
}

# Names that would end a string, an element or a command, wherever they came to stand.
hostile='c1<\/svg><script>alert(1)<\/script>'"'"'; system \&quot;touch owned\&quot;; `touch owned` \\n%s'
make_hostile() {
  cp -r "$data/recorded-smoke" "$work/hostile" && chmod -R u+w "$work/hostile" &&
    sed -i "s/\\bc1\\b/$hostile/g" "$work/hostile"/*.csv &&
    sed -i 's/^study_title=.*/study_title=<script>alert(2)<\/script>/' "$work/hostile/MANIFEST" &&
    grep -q 'touch owned' "$work/hostile/guests.csv"
}

is_harmless() { # FILE
  not grep -iE '<script|<img' "$1" && [ ! -e owned ] && [ ! -e "$1.figures/owned" ] &&
    grep -q 'c1&lt;/svg&gt;&lt;script&gt;alert(1)' "$1"
}

for tool in sh cat sed rm; do
  ln -s "$(command -v $tool)" "$no_gnuplot/$tool"
done
without() { # ARGUMENTS of migcost report
  run env PATH="$no_gnuplot" "$migcost" report "$@"
  return "$status"
}

says_once() {
  [ "$(grep -c 'gnuplot is not installed' "$work/err")" = 1 ] && [ "$(wc -l <"$work/err")" = 1 ]
}

check "without gnuplot there is a page" \
  without "$data/recorded-smoke" --format html -o "$work/bare.html"
check "... one line says what is missing" says_once
check "... the page says so too" \
  grep -q 'No figures, because gnuplot is not installed' "$work/bare.html"
check "... it has its tables" grep -q '<td>cm</td>' "$work/bare.html"
check "... and no picture" not grep -q '<svg' "$work/bare.html"
check "without gnuplot there is no PDF" \
  not without "$data/recorded-smoke" --format pdf -o "$work/bare.pdf"
check "... and no file" not test -e "$work/bare.pdf"

if ! command -v gnuplot >/dev/null; then
  skip "figures" "no gnuplot"
  finish
fi

for name in recorded-smoke recorded-load-balancing; do
  check "$name: a page" page "$name"
  check "$name: it is what it was" golden "$name"
  check "$name: it needs nothing from elsewhere" needs_nothing "$work/$name.html"
  check "$name: the same page twice" same_twice "$name" html
  if command -v xmllint >/dev/null; then
    check "$name: it is well-formed" well_formed "$work/$name.html"
  else
    skip "$name: it is well-formed" "no xmllint"
  fi
done
check "scripts and data of charts are what they were" \
  golden_scripts recorded-load-balancing downtime total-time downtime-seen
check "those of a time line too" golden_scripts recorded-smoke run-1
check "a script that is kept draws its figure again" \
  redrawn "$work/recorded-smoke.html.figures" run-1
check "the page names its methods and their sources" grep -q \
  'repeated confidence intervals .*Jennison.*Turnbull.*1989.*Lan.*DeMets.*1983.*Bonferroni' "$work/recorded-smoke.html"
check "every figure has a caption" test "$(grep -c '<svg' "$work/recorded-smoke.html")" = \
  "$(grep -c '<figcaption>' "$work/recorded-smoke.html")"
check "a page on standard output is the same" sh -c \
  "'$migcost' report '$data/recorded-smoke' --format html | cmp - '$work/recorded-smoke.html'"

check "a result with hostile names" make_hostile
check "... a page of it" "$migcost" report "$work/hostile" --format html -o "$work/hostile.html"
check "... in which they are text" is_harmless "$work/hostile.html"
if command -v xmllint >/dev/null; then
  check "... and which is well-formed" well_formed "$work/hostile.html"
fi

# A sweep of the dirty rate, made of the recorded runs: one guest moves, the other stays.
make_sweep() {
  cp -r "$data/recorded-smoke" "$work/sweep" && chmod -R u+w "$work/sweep" && (
    cd "$work/sweep" || exit 1
    for table in runs schedule; do
      awk -F, -v OFS=, 'NR > 1 { $2 = "m rate=" 5000 * ($1 - 1); $3 = 1 } { print }' $table.csv \
        >new && mv new $table.csv
    done
    awk -F, 'NR == 1 || $3 == "m1"' migrations.csv >new && mv new migrations.csv
    awk -F, -v OFS=, '$2 == "c1" { $8 = 0; $10 = "source" } { print }' guests.csv >new &&
      mv new guests.csv
    echo 'case_label,parameter,value,value_number,unit' >parameters.csv
    for rate in 0 5000 10000; do
      echo "m rate=$rate,workload.m.rate,$rate,$rate,pages/s"
    done >>parameters.csv
  )
}

has_paper_figures() { # FILE NUMBER...
  file=$1
  shift
  for number; do
    grep -q "<h3>Figure $number of the paper: " "$file" || { echo "no figure $number"; return 1; }
  done
}

# every block of data that a figure names is one: gnuplot counts none that are empty
has_its_blocks() { # FILE
  for script in "$1".figures/*.gp; do
    named=$(grep -o ' index [0-9]*' "$script" | sort -un -k 2 | tail -n 1)
    there=$(awk 'NF { n += !within; within = 1; blank = 0 } !NF && ++blank > 1 { within = 0 }
      END { print n + 0 }' "${script%.gp}.dat")
    [ "$there" = $((${named##* } + 1)) ] ||
      { echo "$script: $there blocks, $named is named"; return 1; }
  done
}

check "a sweep of the dirty rate" make_sweep
check "... does not speak of the paper, unless its study says so" eval \
  '"$migcost" report "$work/sweep" --format html >"$work/other.html" &&
    not grep -q "of the paper" "$work/other.html"'
echo claims=paper >>"$work/sweep/MANIFEST"
check "... a page of it" "$migcost" report "$work/sweep" --format html -o "$work/sweep.html"
check "... has the paper's figures 1 and 2" has_paper_figures "$work/sweep.html" 1 2
check "... over the rate" grep -q "set xlabel 'dirty rate of the guest that moves (pages/s)'" \
  "$work/sweep.html.figures/sweep-downtime.gp"
sed -i 's/,m rate=0,/,c,/; s/,m rate=[0-9]*,/,m,/' "$work/sweep"/runs.csv "$work/sweep"/schedule.csv
rm "$work/sweep/parameters.csv"
check "a study that moves one guest has figures 3 and 4, and no sweep" \
  "$migcost" report "$work/sweep" --format html \
  -o "$work/single.html"
check "... indeed" has_paper_figures "$work/single.html" 3 4
check "... none without its points" has_its_blocks "$work/single.html"
check "nor in others" eval 'has_its_blocks "$work/recorded-smoke.html" &&
  has_its_blocks "$work/recorded-load-balancing.html"'
check "the load-balancing study has 5 and 6" \
  has_paper_figures "$work/recorded-load-balancing.html" 5 6

if gnuplot -d -e 'set terminal pdfcairo' >/dev/null 2>&1; then
  check "the same PDF twice" same_twice recorded-smoke pdf
  check "... it is one" sh -c "head -c 5 '$work/first' | grep -q '%PDF-'"
else
  skip "PDF" "this gnuplot has no pdfcairo"
fi
finish
