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
tests_unit_test_columns_SOURCES = \
	tests/unit/test-columns.c tests/unit/manpage.c tests/unit/manpage.h
tests_unit_test_columns_LDADD = \
	src/results/libresults.a src/base/libbase.a $(CSV_LIBS) $(GLIB_LIBS)

check_PROGRAMS += tests/unit/test-analysis tests/unit/test-analysis-study
TESTS += tests/unit/test-analysis tests/unit/test-analysis-study
tests_unit_test_analysis_SOURCES = \
	tests/unit/test-analysis.c tests/unit/manpage.c tests/unit/manpage.h
tests_unit_test_analysis_LDADD = \
	src/analysis/libanalysis.a src/results/libresults.a src/base/libbase.a \
	$(GSL_LIBS) $(CSV_LIBS) $(GLIB_LIBS)
tests_unit_test_analysis_study_SOURCES = \
	tests/unit/test-analysis-study.c tests/unit/synthetic.c tests/unit/synthetic.h
tests_unit_test_analysis_study_LDADD = \
	src/report/libreport.a src/analysis/libanalysis.a src/results/libresults.a src/base/libbase.a \
	$(JSON_LIBS) $(GSL_LIBS) $(CSV_LIBS) $(GLIB_LIBS)

check_PROGRAMS += tests/unit/test-report
TESTS += tests/unit/test-report
tests_unit_test_report_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_report_SOURCES = \
	tests/unit/test-report.c tests/unit/synthetic.c tests/unit/synthetic.h
tests_unit_test_report_LDADD = \
	src/report/libreport.a src/analysis/libanalysis.a src/results/libresults.a src/base/libbase.a \
	$(JSON_LIBS) $(GSL_LIBS) $(CSV_LIBS) $(GLIB_LIBS)
# made by MIG_UPDATE_GOLDEN=1 tests/unit/test-report, from top_srcdir
EXTRA_DIST += \
	tests/data/synthetic-bare.csv tests/data/synthetic-bare.txt \
	tests/data/synthetic-failing.csv tests/data/synthetic-failing.json tests/data/synthetic-failing.txt \
	tests/data/synthetic-single.csv tests/data/synthetic-single.txt \
	tests/data/synthetic-whole.csv tests/data/synthetic-whole.txt

# time and memory of a report on more than 1,000,000 heartbeats
noinst_PROGRAMS += tests/unit/bench-report
tests_unit_bench_report_SOURCES = \
	tests/unit/bench-report.c tests/unit/synthetic.c tests/unit/synthetic.h
tests_unit_bench_report_LDADD = $(tests_unit_test_report_LDADD)
