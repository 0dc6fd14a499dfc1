# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/base/libbase.a
src_base_libbase_a_SOURCES = \
	src/base/cached-verdict.c src/base/cached-verdict.h \
	src/base/claims.h \
	src/base/clock-gap.c src/base/clock-gap.h \
	src/base/clock.c src/base/clock.h \
	src/base/durations.c src/base/durations.h \
	src/base/error.c src/base/error.h \
	src/base/files.c src/base/files.h \
	src/base/log.c src/base/log.h \
	src/base/number.c src/base/number.h \
	src/base/probe-kind.h \
	src/base/scale.c src/base/scale.h \
	src/base/stop-rule.c src/base/stop-rule.h \
	src/base/text.c src/base/text.h \
	src/base/units.c src/base/units.h \
	src/base/xml.c src/base/xml.h
