# SPDX-License-Identifier: GPL-3.0-or-later
# Real daemons, real guests, real migrations.
check_PROGRAMS += tests/lab/lab-tool
tests_lab_lab_tool_SOURCES = tests/lab/lab-tool.c
tests_lab_lab_tool_LDADD = src/lab/liblab.a src/base/libbase.a $(GLIB_LIBS)
