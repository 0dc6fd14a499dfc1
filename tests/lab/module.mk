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
	tests/lab/test-lab-up.sh \
	tests/lab/test-watch.sh
dist_check_SCRIPTS += $(LAB_TESTS)
TESTS += $(LAB_TESTS)
EXTRA_DIST += tests/lab/lib.sh

RUN_TESTS = \
	tests/lab/test-run-bad.sh \
	tests/lab/test-run-damage.sh \
	tests/lab/test-run-interrupt.sh \
	tests/lab/test-run-parallel.sh \
	tests/lab/test-run-smoke.sh \
	tests/lab/test-run-sweep.sh
dist_check_SCRIPTS += $(RUN_TESTS)
TESTS += $(RUN_TESTS)
EXTRA_DIST += tests/lab/lib-run.sh \
	tests/lab/studies/run-damage.xml tests/lab/studies/run-one.xml tests/lab/studies/run-parallel.xml \
	tests/lab/studies/run-slow.xml tests/lab/studies/run-sweep.xml
