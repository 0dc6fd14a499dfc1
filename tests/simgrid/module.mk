# SPDX-License-Identifier: GPL-3.0-or-later
# The model beside SimGrid's: configure --with-simgrid. doc/model.md has the figures.
if WITH_SIMGRID
check_PROGRAMS += tests/simgrid/crosscheck
TESTS += tests/simgrid/crosscheck
endif
tests_simgrid_crosscheck_CFLAGS = $(AM_CFLAGS) $(SIMGRID_CFLAGS)
tests_simgrid_crosscheck_SOURCES = tests/simgrid/crosscheck.c
tests_simgrid_crosscheck_LDADD = $(LDADD) $(SIMGRID_LIBS)
