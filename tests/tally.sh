# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# What tests came to, read from what they left in the build tree, which is the current directory.
# Sourced.

# tally STAMP RESULT...: how many results of these kinds came after the file STAMP was made
tally() {
  stamp=$1
  shift
  kinds=$(printf '%s|' "$@")
  find . -name '*.trs' -newer "$stamp" -exec cat {} + |
    grep -cE "^:test-result: (${kinds%|})( |\$)" || true
}

# failures STAMP: what every failed test said of why, from its log; of one that only ended, its last lines; of a
# long line its beginning
failures() {
  find . -name '*.trs' -newer "$1" -exec grep -lE '^:test-result: (FAIL|XPASS|ERROR)' {} + | sort |
    while IFS= read -r trs; do
      awk -v file="${trs%.trs}" '
        { last[NR % 12] = $0 }
        /^(not ok|Bail out!)/ || (/^ERROR: / && !/Bail out!/) {
          told = 1; n = 1; printf "%s: %.200s\n", substr(file, 3), $0; next }
        n && /^(FAIL|XPASS): / { next } # as the driver has it
        n && /^#/ && n <= 20 { printf "%.200s\n", $0; n++; next }
        { n = 0 }
        END {
          if (!told)
            for (i = NR < 12 ? 1 : NR - 11; i <= NR; i++) printf "%s: %.200s\n", substr(file, 3), last[i % 12] }
        ' "${trs%.trs}.log"
    done
}

# failed_scripts STAMP DIRECTORY...: the scripts of these directories of which something failed, on a line
failed_scripts() {
  stamp=$1
  shift
  find "$@" -name '*.trs' -newer "$stamp" -exec grep -lE '^:test-result: (FAIL|XPASS|ERROR)' {} + |
    sed 's/trs$/sh/' | sort | paste -s -d ' '
}

# skipped STAMP: "FILE: DESCRIPTION # SKIP REASON" of every skipped test
skipped() {
  find . -name '*.trs' -newer "$1" | sort | while IFS= read -r trs; do
    sed -n "s|^ok [0-9]* *-* *\(.*# [Ss][Kk][Ii][Pp].*\)|${trs%.trs}: \1|p
            s|^1\.\.0 *\(# [Ss][Kk][Ii][Pp].*\)|${trs%.trs}: \1|p" "${trs%.trs}.log"
  done | sed 's|^\./||'
}

# allowed_skips SRCDIR: the texts of tests/allowed-skips that hold for the release that runs here
allowed_skips() {
  # shellcheck source=/dev/null
  release=$(. /etc/os-release && echo "$ID${VERSION_ID-}")
  sed -n 's/[ \t]*#.*//; /./p' "$1/tests/allowed-skips" |
    sed -n "s/^$release: *//p; t
            /^tests\//p"
}

# unexpected_skips SRCDIR STAMP
unexpected_skips() {
  allowed=$(allowed_skips "$1")
  skipped "$2" | grep -vF -e "$allowed" || true
}
