# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# crossed_result DIRECTORY: the orders cm and mc under two conditions, which no recorded study has: the second is a copy
# of the first. Sourced.
crossed_result() {
  cp -R "$top_srcdir/tests/data/recorded-load-balancing" "$1" && chmod -R u+w "$1" &&
    cp "$1/runs.csv" "$work/original" || return
  for table in runs guests migrations; do
    awk -F, -v OFS=, '
      FNR == 1 { if (NR > 1) print; next }
      FILENAME ~ /original$/ { if ($2 == "cm" || $2 == "mc") label[$1] = $2; next }
      $1 in label { print; if ($2 == label[$1]) $2 = $2 " fast"; $1 += 100; print }' \
      "$work/original" "$top_srcdir/tests/data/recorded-load-balancing/$table.csv" >"$1/$table.csv" || return
  done
  printf '%s\n' case_label,parameter,value,value_number,unit \
    'cm,link,1 Gbit/s,125000000,bytes/s' 'mc,link,1 Gbit/s,125000000,bytes/s' \
    'cm fast,link,10 Gbit/s,1250000000,bytes/s' 'mc fast,link,10 Gbit/s,1250000000,bytes/s' \
    >"$1/parameters.csv"
}

# factorial_result DIRECTORY: the same for a sender that shares the guests' CPU and one that does not: four conditions.
factorial_result() {
  crossed_result "$1" && cp "$1/runs.csv" "$work/crossed" || return
  for table in runs guests migrations; do
    awk -F, -v OFS=, '
      FILENAME ~ /crossed$/ { if (FNR > 1) label[$1] = $2; next }
      { print }
      $1 in label { if ($2 == label[$1]) $2 = $2 " apart"; $1 += 1000; print }' \
      "$work/crossed" "$1/$table.csv" >"$work/doubled" && cp "$work/doubled" "$1/$table.csv" || return
  done
  awk -F, -v OFS=, '
    { print }
    FNR > 1 { print $1, "host.source.management-cpu", "0,,"; $1 = $1 " apart"; print
              print $1, "host.source.management-cpu", "spare,," }' "$1/parameters.csv" >"$work/doubled" &&
    cp "$work/doubled" "$1/parameters.csv"
}
