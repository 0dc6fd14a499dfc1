#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What clients notice of guests that move, on the emulated Xen pair.
# shellcheck source-path=SCRIPTDIR source=../pair/lib-network.sh
kind=xen
. "$top_srcdir/tests/pair/lib-network.sh"

measure_network downtime_guest_s
