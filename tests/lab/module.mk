# SPDX-License-Identifier: GPL-3.0-or-later
# Real daemons, real guests, real migrations.
check_PROGRAMS += tests/lab/lab-tool
tests_lab_lab_tool_SOURCES = tests/lab/lab-tool.c
tests_lab_lab_tool_LDADD = src/lab/liblab.a src/base/libbase.a $(GLIB_LIBS)

LAB_TESTS = \
	tests/lab/test-lab-crash.sh \
	tests/lab/test-lab-errors.sh \
	tests/lab/test-lab-kvm.sh \
	tests/lab/test-lab-two.sh \
	tests/lab/test-lab-up.sh
dist_check_SCRIPTS += $(LAB_TESTS)
TESTS += $(LAB_TESTS)
EXTRA_DIST += tests/lab/lib.sh
