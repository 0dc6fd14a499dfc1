# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/probe/libprobe.a
src_probe_libprobe_a_SOURCES = \
	src/probe/announcement.c src/probe/announcement.h \
	src/probe/arrival.c src/probe/arrival.h \
	src/probe/load-generator.c src/probe/load-generator.h \
	src/probe/probe.c src/probe/probe.h \
	src/probe/probe-address.c src/probe/probe-address.h \
	src/probe/probe-connects.c src/probe/probe-connects.h \
	src/probe/probe-echo.c src/probe/probe-echo.h \
	src/probe/probe-log.c src/probe/probe-log.h \
	src/probe/probe-requests.c src/probe/probe-requests.h \
	src/probe/probe-spec.c src/probe/probe-spec.h \
	src/probe/probe-target.c src/probe/probe-target.h \
	src/probe/probe-streams.c src/probe/probe-streams.h \
	src/probe/prober.c src/probe/prober.h \
	src/probe/prober-client.c src/probe/prober-client.h \
	src/probe/request.c src/probe/request.h
