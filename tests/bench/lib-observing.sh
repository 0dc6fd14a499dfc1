# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154 # $result and $window are the script's
# What the scripts that measure observing share: rows of the facts that `migcost run --observing-cost` writes. Sourced.

heading() {
  echo "Observed and left alone in turn, for $window each; mean and 95 % interval over blocks of three windows"
  printf '  %-44s %6s  %-24s %s\n' '' blocks 'work, observed / alone' 'CPU, observed less alone, %'
}

interval() { # NAME PHASE: what has none is one block, or none at all
  low=$(fact migcost "$1 $2 migrations low")
  high=$(fact migcost "$1 $2 migrations high")
  echo "$(fact migcost "$1 $2 migrations")${low:+ ($low to $high)}"
}

# row TEXT PHASE: the facts of one measurement
row() {
  printf '  %-44s %6s  %-24s %s\n' "$1" "$(fact migcost "observing blocks $2 migrations")" \
    "$(interval "observed work" "$2")" "$(interval "observing cpu" "$2")"
}
