# SPDX-License-Identifier: GPL-3.0-or-later
man_MANS += doc/migcost-study.5
EXTRA_DIST += doc/migcost-study.5
man_MANS += doc/migcost-results.5
EXTRA_DIST += doc/migcost-results.5
EXTRA_DIST += doc/protocol.md doc/workloads.md
