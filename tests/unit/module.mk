# SPDX-License-Identifier: GPL-3.0-or-later
# Unit tests: one program per noun, GLib's test framework, TAP, nothing real beside them.
# UNIT_LIBS: link order as in src/cli/module.mk.
check_PROGRAMS += tests/unit/test-units
TESTS += tests/unit/test-units
tests_unit_test_units_SOURCES = tests/unit/test-units.c
tests_unit_test_units_LDADD = src/base/libbase.a $(GLIB_LIBS)

STUDY_TEST_LIBS = src/study/libstudy.a src/base/libbase.a $(LIBXML_LIBS) $(GLIB_LIBS)
check_PROGRAMS += tests/unit/test-study tests/unit/test-schedule
TESTS += tests/unit/test-study tests/unit/test-schedule
tests_unit_test_study_SOURCES = tests/unit/test-study.c
tests_unit_test_study_LDADD = $(STUDY_TEST_LIBS)
tests_unit_test_schedule_SOURCES = tests/unit/test-schedule.c
tests_unit_test_schedule_LDADD = $(STUDY_TEST_LIBS)
