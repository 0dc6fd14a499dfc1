# SPDX-License-Identifier: GPL-3.0-or-later
man_MANS += doc/migcost-study.5
EXTRA_DIST += doc/migcost-study.5
