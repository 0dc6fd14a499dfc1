# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/results/libresults.a
src_results_libresults_a_SOURCES = \
	src/results/columns.h src/results/records.h src/results/result.h
