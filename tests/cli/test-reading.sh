#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What other programs read: reports in JSON against their schema, and the examples of
# doc/reading-results.md.
. "$top_srcdir/tests/tap.sh"
# shellcheck source-path=SCRIPTDIR/../.. source=tests/cli/crossed.sh
. "$top_srcdir/tests/cli/crossed.sh"

data=$top_srcdir/tests/data
document=$top_srcdir/doc/reading-results.md

# with parameters and predictions, which no recorded study has
swept_result() {
  cp -R "$data/recorded-smoke" "$work/swept" && chmod -R u+w "$work/swept" &&
    printf '%s\n' case_label,parameter,value,value_number,unit \
      'cm,link,1 Gbit/s,125000000,bytes/s' cm,technique,pre-copy,, >"$work/swept/parameters.csv" &&
    printf '%s\n' case_label,order_name,guest,quantity,value_ns,low_ns,high_ns,model \
      cm,plan,,total-time,60000000000,40000000000,90000000000,m \
        cm,plan,m1,lost-work,1000000000,,,m \
      >"$work/swept/predictions.csv"
}

scaled_result() {
  cp -R "$data/recorded-load-balancing" "$work/scaled" && chmod -R u+w "$work/scaled" &&
    echo scale=1/4 >>"$work/scaled/MANIFEST"
}

reports_fit() {
  for directory in "$data"/recorded-*/ "$work/swept" "$work/scaled" "$work/crossed"; do
    "$migcost" report "$directory" --format json >"$work/$(basename "$directory").json" || return
  done
  python3 "$top_srcdir/tests/cli/schema.py" "$top_srcdir/doc/report.schema.json" \
    "$work"/*.json "$data/synthetic-failing.json"
}

# block LANGUAGE: the first example in that language
block() {
  sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/{/^\`\`\`/d;p;}" "$document" | awk -v language="$1" '
    language == "sql" { print; if (/;$/) exit; next } { print }'
}

same_means() { # COMMAND...: in a result directory, gives the means that the report gives
  "$migcost" report "$data/recorded-load-balancing" --format csv |
    awk -F, '$3 == "total_time_s" && $2 == "" { printf "%s %.2f\n", $1, $6 }' >"$work/expected"
  (cd "$data/recorded-load-balancing" && "$@") >"$work/means" || return
  [ -s "$work/expected" ] && diff "$work/expected" "$work/means"
}

check "a result with parameters and predictions" swept_result
check "a result at another scale" scaled_result
check "a result of orders under two conditions" crossed_result "$work/crossed"
if python3 -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null; then
  check "reports are what their schema says, and the schema says all" reports_fit
else
  skip "reports are what their schema says" "python3 with jsonschema is not installed"
fi
block python >"$work/example.py"
block r >"$work/example.R"
block sql >"$work/example.sql"
if command -v python3 >/dev/null; then
  check "the example in Python" same_means python3 "$work/example.py"
else
  skip "the example in Python" "python3 is not installed"
fi
if command -v Rscript >/dev/null; then
  check "the example in R" same_means Rscript --vanilla "$work/example.R"
else
  skip "the example in R" "R is not installed"
fi
if command -v duckdb >/dev/null; then
  check "the example in DuckDB" same_means sh -c "duckdb -noheader -list <'$work/example.sql'"
else
  skip "the example in DuckDB" "duckdb is not installed"
fi
finish
