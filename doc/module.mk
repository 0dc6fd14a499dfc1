# SPDX-License-Identifier: GPL-3.0-or-later
man_MANS += doc/migcost-study.5
EXTRA_DIST += doc/migcost-study.5
man_MANS += doc/migcost-results.5
EXTRA_DIST += doc/migcost-results.5
EXTRA_DIST += doc/protocol.md doc/workloads.md
man_MANS += doc/migcost.1
EXTRA_DIST += doc/migcost.1
EXTRA_DIST += CONTRIBUTING.md NEWS README.md doc/design.md
