# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/results/libresults.a
src_results_libresults_a_SOURCES = \
	src/results/cell.c src/results/cell.h \
	src/results/columns.c src/results/columns.h \
	src/results/dir.c src/results/dir.h \
	src/results/facts.c src/results/facts.h \
	src/results/given-cpus.c src/results/given-cpus.h \
	src/results/manifest.c src/results/manifest.h \
	src/results/migration-settings.c src/results/migration-settings.h \
	src/results/observing-facts.c src/results/observing-facts.h \
	src/results/record.c src/results/records.h \
	src/results/result.c src/results/result.h \
	src/results/table-reader.c src/results/table-reader.h \
	src/results/table-writer.c src/results/table-writer.h \
	src/results/writer.c
