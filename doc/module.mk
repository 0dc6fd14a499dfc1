# SPDX-License-Identifier: GPL-3.0-or-later
man_MANS += doc/migcost.1 doc/migcost-fleet.5 doc/migcost-results.5 doc/migcost-study.5
EXTRA_DIST += \
	$(man_MANS) \
	CONTRIBUTING.md NEWS README.md \
	doc/design.md doc/lab.md doc/model.md doc/protocol.md doc/workloads.md doc/xen.md
