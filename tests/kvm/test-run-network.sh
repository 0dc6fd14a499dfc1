#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What clients notice of guests that move, on the emulated KVM pair.
# shellcheck source-path=SCRIPTDIR source=../pair/lib-network.sh
kind=kvm
. "$top_srcdir/tests/pair/lib-network.sh"

measure_network downtime_events_s downtime_reported_s downtime_guest_s
