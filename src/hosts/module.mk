# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/hosts/libhosts.a
src_hosts_libhosts_a_SOURCES = \
	src/hosts/boot-files.c src/hosts/boot-files.h \
	src/hosts/default-template.c src/hosts/default-template.h \
	src/hosts/emulator.c src/hosts/emulator.h \
	src/hosts/environment.c src/hosts/environment.h \
	src/hosts/found-guest.c src/hosts/found-guest.h \
	src/hosts/journal.c src/hosts/journal.h \
	src/hosts/round-trip.c src/hosts/round-trip.h \
	src/hosts/migration-row.c src/hosts/migration-row.h \
	src/hosts/lab-share.c src/hosts/lab-share.h \
	src/hosts/run-host.c src/hosts/run-host.h \
	src/hosts/session.c src/hosts/session.h \
	src/hosts/migration-options.c src/hosts/migration-options.h \
	src/hosts/session-options.c src/hosts/session-options.h \
	src/hosts/undo.c src/hosts/undo.h
