# SPDX-License-Identifier: GPL-3.0-or-later
# Unit tests: one program per noun, GLib's test framework, TAP, nothing real beside them.
# UNIT_LIBS: link order as in src/cli/module.mk.
check_PROGRAMS += tests/unit/test-units
TESTS += tests/unit/test-units
tests_unit_test_units_SOURCES = tests/unit/test-units.c
tests_unit_test_units_LDADD = src/base/libbase.a $(GLIB_LIBS)

check_PROGRAMS += tests/unit/test-lab
TESTS += tests/unit/test-lab
tests_unit_test_lab_SOURCES = tests/unit/test-lab.c
tests_unit_test_lab_LDADD = src/lab/liblab.a src/base/libbase.a $(GLIB_LIBS)
