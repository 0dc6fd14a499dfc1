# SPDX-License-Identifier: GPL-3.0-or-later
man_MANS += doc/migcost.1 doc/migcost-study.5
EXTRA_DIST += doc/migcost.1 doc/migcost-study.5
