# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# broken_links FOLDER: prints the links in the Markdown files below FOLDER that lead nowhere: to a
# file or a heading that does not exist. Fails where it finds none at all, links that is. Sourced.

# L FILE TARGET for each link, A FILE ANCHOR for each heading; anchors as GitHub makes them.
links_and_anchors() { # FILE...
  awk '
    FNR == 1 { fenced = 0 }
    /^ *```/ { fenced = !fenced }
    fenced || /^    [^ ]/ { next }
    /^#+ / {
      anchor = tolower($0)
      sub(/^#+ +/, "", anchor)
      gsub(/[^a-z0-9 _-]/, "", anchor)
      gsub(/ /, "-", anchor)
      n = count[FILENAME, anchor]++
      print "A\t" FILENAME "\t" anchor (n ? "-" n : "")
    }
    {
      rest = $0
      while (match(rest, /\]\([^)]+\)/)) {
        print "L\t" FILENAME "\t" substr(rest, RSTART + 2, RLENGTH - 3)
        rest = substr(rest, RSTART + RLENGTH)
      }
    }' "$@"
}

leads_somewhere() { # FILE TARGET
  path=${2%%#*}
  case $path in
    http:* | https:* | mailto:*) return 0 ;;
    '') path=$1 ;;
    *) path=$(dirname "$1")/$path ;;
  esac
  [ -f "$path" ] || return 1
  case $2 in
    *'#'*)
      links_and_anchors "$path" >"$work/anchors"
      grep -qxF "A	$path	${2#*#}" "$work/anchors"
      ;;
  esac
}

broken_links() {
  find "$1" -name '*.md' ! -path '*/.git/*' -exec sh -c 'printf "%s\n" "$@"' sh {} + |
    sort >"$work/documents"
  # shellcheck disable=SC2046 # no name has a space
  links_and_anchors $(cat "$work/documents") | grep '^L' >"$work/links" ||
    { echo "no links in $1"; return 1; }
  while IFS='	' read -r _ document target; do
    leads_somewhere "$document" "$target" || echo "$document: $target"
  done <"$work/links"
}

no_broken_links() { # FOLDER
  broken_links "$1" >"$work/broken"
  cat "$work/broken"
  [ ! -s "$work/broken" ]
}
