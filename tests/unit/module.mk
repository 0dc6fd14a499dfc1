# SPDX-License-Identifier: GPL-3.0-or-later
# Unit tests: one program per noun, GLib's test framework, TAP, nothing real beside them.
# UNIT_LIBS: link order as in src/cli/module.mk.
check_PROGRAMS += tests/unit/test-units
TESTS += tests/unit/test-units
tests_unit_test_units_SOURCES = tests/unit/test-units.c
tests_unit_test_units_LDADD = src/base/libbase.a $(GLIB_LIBS)

check_PROGRAMS += tests/unit/test-results
TESTS += tests/unit/test-results
tests_unit_test_results_SOURCES = tests/unit/test-results.c
tests_unit_test_results_LDADD = \
	src/results/libresults.a src/base/libbase.a $(CSV_LIBS) $(GLIB_LIBS)

check_PROGRAMS += tests/unit/test-columns
TESTS += tests/unit/test-columns
tests_unit_test_columns_SOURCES = tests/unit/test-columns.c
tests_unit_test_columns_LDADD = \
	src/results/libresults.a src/base/libbase.a $(CSV_LIBS) $(GLIB_LIBS)
