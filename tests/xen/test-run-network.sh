#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What clients notice of guests that move, on the emulated Xen pair.
# shellcheck source-path=SCRIPTDIR source=../pair/lib-network.sh
kind=xen
. "$top_srcdir/tests/pair/lib-network.sh"

# shellcheck disable=SC2034 # for the library
heartbeats="--heartbeat ${heartbeat_ms}ms" # its own would be 200 ms
measure_network downtime_guest_s
