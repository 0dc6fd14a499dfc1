# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/paper/libpaper.a
src_paper_libpaper_a_SOURCES = \
	src/paper/claim-look.c src/paper/claim-look.h \
	src/paper/claim-race.c src/paper/claim-race.h \
	src/paper/claim-throughput.c src/paper/claim-throughput.h \
	src/paper/conclusions.c src/paper/conclusions.h \
	src/paper/claims.c src/paper/claims.h \
	src/paper/claim-table.c src/paper/claim-table.h \
	src/paper/equivalence.c src/paper/equivalence.h \
	src/paper/figure-facts.c src/paper/figure-facts.h \
	src/paper/paired-test.c src/paper/paired-test.h \
	src/paper/table-shape.c src/paper/table-shape.h \
	src/paper/tables.c src/paper/tables.h
